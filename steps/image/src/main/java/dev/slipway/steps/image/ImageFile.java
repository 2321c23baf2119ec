package dev.slipway.steps.image;

import com.twelvemonkeys.imageio.plugins.webp.WebPImageReaderSpi;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import javax.imageio.IIOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;

/** An image file in memory, and how it is decoded. */
final class ImageFile {

    private final ImageFormat format;
    private final byte[] bytes;

    private ImageFile(ImageFormat format, byte[] bytes) {
        this.format = format;
        this.bytes = bytes;
    }

    /**
     * Recognises a file.
     *
     * @throws FailureException {@code BadInput} when it is not an image
     */
    static ImageFile of(byte[] bytes) {
        return new ImageFile(
                ImageFormat.of(bytes)
                        .orElseThrow(() -> new FailureException(Failure.BadInput.malformed(
                                "the image (" + bytes.length + " bytes) is not a " + ImageFormat.NAMES + " file"))),
                bytes);
    }

    /**
     * The picture as 8-bit RGB, upright.
     *
     * @throws FailureException {@code TooLarge} or {@code Overloaded} from its header, before anything is decoded;
     *     {@code BadInput} when it is damaged
     */
    Pixels decode(DecodeLimits limits) {
        try {
            return switch (format) {
                case JPEG -> jpeg(limits);
                case PNG -> Orientation.ofPng(bytes).apply(read(limits));
                case WEBP -> webp(limits);
                case BMP -> bmp(limits);
                case GIF -> gif(limits);
            };
        } catch (FailureException e) {
            throw e;
        } catch (OutOfMemoryError e) {
            throw new FailureException(
                    new Failure.Overloaded(
                            "there is no memory left to decode an image of " + bytes.length + " bytes",
                            Duration.ofSeconds(1)),
                    e);
        } catch (IOException | RuntimeException e) {
            throw new FailureException(
                    Failure.BadInput.malformed("the image is a damaged " + format + " file: " + reason(e)), e);
        }
    }

    private static String reason(Exception error) {
        String message = error instanceof IIOException ? error.getMessage() : null;
        return message == null ? "it ends too early or does not follow the format" : message;
    }

    private Pixels jpeg(DecodeLimits limits) throws IOException {
        JpegFile jpeg = JpegFile.of(bytes);
        limits.admit(jpeg.height(), jpeg.width());
        return jpeg.orientation().apply(jpeg.decode());
    }

    /** The decoder takes zeros for what is missing at the end, so the length that the file names is checked before. */
    private Pixels webp(DecodeLimits limits) throws IOException {
        if (bytes.length < 20 || Integer.toUnsignedLong(Bytes.little32(bytes, 4)) > bytes.length - 8) {
            throw new IOException("the file is shorter than it says");
        }
        return Orientation.ofWebp(bytes).apply(read(limits));
    }

    private Pixels bmp(DecodeLimits limits) throws IOException {
        int compression = bytes.length >= 34 ? Bytes.little32(bytes, 30) : 0;
        if (compression == 4 || compression == 5) {
            throw new FailureException(
                    new Failure.Unsupported("the image is a BMP file with another file inside: send that one"));
        }
        if (bytes.length >= 34 && Bytes.little32(bytes, 14) >= 40) {
            limits.admit(Math.abs(Bytes.little32(bytes, 22)), Bytes.little32(bytes, 18));
        }
        return read(limits);
    }

    private Pixels gif(DecodeLimits limits) throws IOException {
        limits.admit(Bytes.little16(bytes, 8), Bytes.little16(bytes, 6));
        return GifCanvas.of(bytes).around(read(limits));
    }

    private Pixels read(DecodeLimits limits) throws IOException {
        ImageReader reader = reader();
        try (FileBytes stream = new FileBytes(bytes)) {
            reader.setInput(stream, true, true);
            limits.admit(reader.getHeight(0), reader.getWidth(0));
            if (format == ImageFormat.WEBP) {
                limits.admitTables(WebpCodes.bytes(bytes));
            }
            BufferedImage image = reader.read(0);
            limits.admit(image.getHeight(), image.getWidth());
            return RasterPixels.rgb(image);
        } finally {
            reader.dispose();
        }
    }

    private ImageReader reader() throws IOException {
        if (format == ImageFormat.WEBP) {
            return new WebPImageReaderSpi().createReaderInstance();
        }
        return ImageIO.getImageReadersByFormatName(format.name().toLowerCase(Locale.ROOT))
                .next();
    }
}
