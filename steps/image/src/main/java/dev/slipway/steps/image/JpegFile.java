package dev.slipway.steps.image;

import com.twelvemonkeys.imageio.stream.ByteArrayImageInputStream;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.event.IIOReadWarningListener;

/**
 * A JPEG file. Its decoder is the JDK's, which guesses colours from application markers in its own way and stumbles
 * over broken ones; so it is given only the markers that say what libjpeg would conclude from the whole file.
 */
final class JpegFile {

    private static final byte[] JFIF = {
        (byte) 0xFF, (byte) 0xE0, 0, 16, 'J', 'F', 'I', 'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0
    };

    private final byte[] file;
    private final ByteArrayOutputStream segments = new ByteArrayOutputStream();
    private Orientation orientation = Orientation.UPRIGHT;
    private boolean jfif;
    private int adobeAt = -1;
    private int frameAt = -1;
    private int scanAt = -1;

    private JpegFile(byte[] file) {
        this.file = file;
    }

    static JpegFile of(byte[] file) throws IOException {
        JpegFile jpeg = new JpegFile(file);
        try {
            jpeg.walk();
        } catch (IndexOutOfBoundsException e) {
            throw new IOException("the file ends before its picture", e);
        }
        return jpeg;
    }

    private void walk() throws IOException {
        int at = 2;
        while (scanAt < 0) {
            while ((file[at] & 0xFF) != 0xFF || (file[at + 1] & 0xFF) == 0xFF) {
                at++;
            }
            int marker = file[at + 1] & 0xFF;
            if (marker == 0 || marker == 1 || (marker >= 0xD0 && marker <= 0xD8)) {
                at += 2;
                continue;
            }
            if (marker == 0xD9) {
                throw new IOException("no picture");
            }
            int length = Bytes.big16(file, at + 2);
            if (length < 2) {
                throw new IOException("a marker of no length");
            }
            take(marker, at, length);
            at += 2 + length;
        }
        if (frameAt < 0 || components() < 1) {
            throw new IOException("no frame header");
        }
    }

    private void take(int marker, int at, int length) {
        boolean application = marker >= 0xE0 && marker <= 0xEF;
        if (marker == 0xE0 && Orientation.named(file, at + 4, "JFIF\0")) {
            jfif = true;
        } else if (marker == 0xEE && length >= 14 && Orientation.named(file, at + 4, "Adobe")) {
            adobeAt = at;
        } else if (marker == 0xE1 && Orientation.named(file, at + 4, "Exif\0\0")) {
            orientation = Orientation.ofExif(file, at + 10, length - 8);
        }
        if (marker == 0xDA) {
            scanAt = at;
        } else if (!application && marker != 0xFE) {
            segments.write(file, at, 2 + length);
        }
        if (marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC) {
            frameAt = at;
        }
    }

    int height() {
        return Bytes.big16(file, frameAt + 5);
    }

    int width() {
        return Bytes.big16(file, frameAt + 7);
    }

    private int components() {
        return file[frameAt + 9] & 0xFF;
    }

    private int componentId(int i) {
        return file[frameAt + 10 + 3 * i] & 0xFF;
    }

    Orientation orientation() {
        return orientation;
    }

    /** Adobe's word on the colours: 0 none, 1 YCbCr, 2 YCCK; -1 when the file has no such marker. */
    private int adobeTransform() {
        return adobeAt < 0 ? -1 : file[adobeAt + 15] & 0xFF;
    }

    Pixels decode() throws IOException {
        ImageReader reader = ImageIO.getImageReadersByFormatName("jpeg").next();
        byte[] plain = plain();
        String[] warning = new String[1];
        try (ByteArrayImageInputStream stream = new ByteArrayImageInputStream(plain)) {
            reader.setInput(stream, true, true);
            reader.addIIOReadWarningListener((IIOReadWarningListener) (_, message) -> warning[0] = message);
            Pixels pixels = components() == 4
                    ? Cmyk.rgb(reader.readRaster(0, null), adobeTransform() == 2)
                    : threeOrOne(reader);
            if (warning[0] != null && truncated(warning[0])) {
                throw new FailureException(
                        Failure.BadInput.malformed("the image is a damaged JPEG file: " + warning[0]));
            }
            return pixels;
        } finally {
            reader.dispose();
        }
    }

    private static boolean truncated(String warning) {
        String text = warning.toLowerCase(Locale.ROOT);
        return text.contains("truncated") || text.contains("premature") || text.contains("eoi");
    }

    private Pixels threeOrOne(ImageReader reader) throws IOException {
        if (components() != 1 && components() != 3) {
            throw new IOException(components() + " colour components");
        }
        return RasterPixels.rgb(reader.read(0));
    }

    /** The picture with one application marker at most. */
    private byte[] plain() {
        ByteArrayOutputStream out = new ByteArrayOutputStream(file.length + JFIF.length);
        out.write(file, 0, 2);
        boolean rgbIds = components() == 3 && componentId(0) == 'R' && componentId(1) == 'G' && componentId(2) == 'B';
        if (components() == 4 || (adobeAt >= 0 && !jfif)) {
            if (adobeAt >= 0) {
                out.write(file, adobeAt, 2 + Bytes.big16(file, adobeAt + 2));
            }
        } else if (jfif || !rgbIds) {
            out.write(JFIF, 0, JFIF.length);
        }
        out.writeBytes(segments.toByteArray());
        out.write(file, scanAt, file.length - scanAt);
        return out.toByteArray();
    }
}
