package dev.slipway.steps.image;

/** Numbers in the bytes of a file. */
final class Bytes {

    private Bytes() {}

    static int big16(byte[] file, int at) {
        return (file[at] & 0xFF) << 8 | (file[at + 1] & 0xFF);
    }

    static int big32(byte[] file, int at) {
        return big16(file, at) << 16 | big16(file, at + 2);
    }

    static int little16(byte[] file, int at) {
        return (file[at + 1] & 0xFF) << 8 | (file[at] & 0xFF);
    }

    static int little32(byte[] file, int at) {
        return little16(file, at + 2) << 16 | little16(file, at);
    }
}
