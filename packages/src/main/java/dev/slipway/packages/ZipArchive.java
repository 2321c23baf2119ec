package dev.slipway.packages;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;

/** A zip archive, read by its central directory. */
record ZipArchive(Path file, String name) implements Archive {

    private static final int UNIX_TYPE = 0170000;
    private static final int UNIX_FILE = 0100000;
    private static final int UNIX_FOLDER = 0040000;
    private static final String DIRECTORY = "the list of entries at its end";
    private static final long FIND_BYTES = 1 << 20;
    private static final long ENTRY_BYTES = 1 << 10;

    @Override
    public Path unpack(Path folder, PackageOpener.Limits limits) throws IOException {
        Unpacking unpacking = new Unpacking(name, Files.size(file), folder, limits);
        try (MeteredChannel channel =
                        new MeteredChannel(Files.newByteChannel(file), directory(limits), unpacking::tooMany);
                ZipFile zip = unpacking.reading(DIRECTORY, () -> opened(channel))) {
            List<Placed> placed = unpacking.reading(DIRECTORY, () -> placed(zip, unpacking));
            for (Placed one : placed) {
                unpacking.reading("entry '" + one.entry().getName() + "'", () -> write(zip, one, unpacking));
            }
            return folder;
        }
    }

    private static ZipFile opened(MeteredChannel channel) throws IOException {
        ZipFile zip = ZipFile.builder().setSeekableByteChannel(channel).get();
        channel.lift();
        return zip;
    }

    private List<Placed> placed(ZipFile zip, Unpacking unpacking) {
        List<ZipArchiveEntry> entries = Collections.list(zip.getEntriesInPhysicalOrder());
        unpacking.requireWithin(
                entries.size(),
                entries.stream().mapToLong(ZipArchiveEntry::getSize).sum());
        ForeignFormat.refuseArchive(
                entries.stream().map(ZipArchiveEntry::getName).toList(), "'" + name + "'");
        return entries.stream().map(entry -> placed(zip, entry, unpacking)).toList();
    }

    /** The most bytes that are read to know the entries: twice a header and a long name each, and to find the first. */
    private static long directory(PackageOpener.Limits limits) {
        return FIND_BYTES + limits.files() * ENTRY_BYTES;
    }

    /** An entry that may be unpacked, and where it goes. */
    private record Placed(ZipArchiveEntry entry, List<String> parts) {}

    private static Placed placed(ZipFile zip, ZipArchiveEntry entry, Unpacking unpacking) {
        int type = entry.getUnixMode() & UNIX_TYPE;
        if (type != 0 && type != UNIX_FILE && type != UNIX_FOLDER) {
            throw unpacking.bad("entry '" + entry.getName() + "' is a link or device: pack the file itself");
        }
        if (entry.getGeneralPurposeBit().usesEncryption()) {
            throw unpacking.bad("entry '" + entry.getName() + "' is encrypted: pack it without a password");
        }
        if (!entry.isDirectory() && !zip.canReadEntryData(entry)) {
            throw unpacking.bad("entry '" + entry.getName() + "' is packed by method " + entry.getMethod()
                    + ", which is not known here: use deflate");
        }
        return new Placed(entry, unpacking.place(entry.getName(), entry.isDirectory()));
    }

    private static long write(ZipFile zip, Placed placed, Unpacking unpacking) throws IOException {
        ZipArchiveEntry entry = placed.entry();
        String name = entry.getName();
        if (entry.isDirectory()) {
            unpacking.directory(placed.parts(), name);
            return 0;
        }
        CRC32 crc = new CRC32();
        try (InputStream content = new CheckedInputStream(zip.getInputStream(entry), crc)) {
            long bytes = unpacking.file(placed.parts(), name, content);
            if (bytes != entry.getSize()) {
                throw unpacking.broken(
                        "entry '" + name + "' has " + bytes + " bytes, " + entry.getSize() + " are stated");
            }
            if (crc.getValue() != entry.getCrc()) {
                throw unpacking.broken("entry '" + name + "' is damaged, its checksum is not the stated one");
            }
            return bytes;
        }
    }
}
