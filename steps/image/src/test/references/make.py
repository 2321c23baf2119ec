"""Records what the named libraries make of the images in the test resources.

Run with Debian 12's packages: python3-pil 9.4.0, python3-opencv 4.6.0, python3-torch 1.13.0, python3-torchvision 0.14.1,
python3-numpy 1.24.2. TensorFlow's results come from make-tensorflow.js.
"""

import pathlib
import numpy as np
import cv2
import torch
import torchvision.transforms.functional as tv
from PIL import Image, ImageOps

HERE = pathlib.Path(__file__).parent
RESOURCES = HERE.parent / "resources/dev/slipway/steps/image"
SIZES = [(8, 8), (18, 26), (9, 13), (20, 31), (72, 104), (50, 20), (20, 90), (1, 1)]


def picture(height, width, seed):
    random = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width]
    smooth = np.stack([
        127 + 127 * np.sin(x / 5.0 + y / 9.0),
        127 + 127 * np.cos(y / 4.0),
        255.0 * x / width,
    ], axis=-1)
    noise = random.integers(0, 256, (height, width, 3))
    rough = ((x // 6 + y // 6) % 2)[..., None]
    return np.where(rough == 1, noise, smooth).astype(np.uint8)


def resized():
    folder = RESOURCES / "resize"
    image = picture(36, 52, 7)
    (folder / "input-36x52.rgb").write_bytes(image.tobytes())
    pil = Image.fromarray(image)
    tensor = torch.from_numpy(image).permute(2, 0, 1)
    for height, width in SIZES:
        results = {
            "pillow-bilinear": np.asarray(pil.resize((width, height), Image.BILINEAR)),
            "pillow-bicubic": np.asarray(pil.resize((width, height), Image.BICUBIC)),
            "nearest": np.asarray(pil.resize((width, height), Image.NEAREST)),
            "opencv-linear": cv2.resize(image, (width, height), interpolation=cv2.INTER_LINEAR),
            "opencv-area": cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA),
            "torchvision-bilinear":
                tv.resize(tensor, [height, width], antialias=True).permute(1, 2, 0).numpy(),
        }
        for like, result in results.items():
            assert result.shape == (height, width, 3) and result.dtype == np.uint8, (like, result.shape)
            (folder / f"{like}-{height}x{width}.rgb").write_bytes(result.tobytes())


def recorded(name):
    with Image.open(RESOURCES / "decode" / name) as image:
        rgb = ImageOps.exif_transpose(image).convert("RGB")
    header = f"{rgb.height} {rgb.width}\n".encode()
    (RESOURCES / "decode" / (name + ".rgb")).write_bytes(header + rgb.tobytes())


def decoded():
    folder = RESOURCES / "decode"
    image = picture(21, 34, 3)
    pil = Image.fromarray(image)
    alpha = Image.fromarray((255 - image[..., 0]))
    rgba = pil.copy()
    rgba.putalpha(alpha)
    gray = pil.convert("L")
    la = gray.copy()
    la.putalpha(alpha)
    palette = pil.quantize(32)
    pil.save(folder / "rgb.png")
    rgba.save(folder / "rgba.png")
    gray.save(folder / "gray.png")
    la.save(folder / "gray-alpha.png")
    palette.save(folder / "palette.png")
    palette.save(folder / "palette-transparent.png", transparency=3)
    pil.quantize(4).save(folder / "palette-2bit.png", bits=2)
    gray.convert("1").save(folder / "one-bit.png")
    cv2.imwrite(str(folder / "rgb-16bit.png"), (image[..., ::-1].astype(np.uint16) * 257 + 91))
    pil.save(folder / "rgb.bmp")
    palette.save(folder / "palette.bmp")
    gray.save(folder / "gray.bmp")
    palette.save(folder / "palette.gif")
    palette.save(folder / "animated.gif", save_all=True, append_images=[pil.rotate(180).quantize(16)])
    pil.save(folder / "lossless.webp", lossless=True)
    rgba.save(folder / "lossless-alpha.webp", lossless=True, exact=True)
    y, x = np.mgrid[0:42, 0:66]
    smooth = np.stack([100 + x, 220 - 2 * y, 60 + x + y], axis=-1).astype(np.uint8)
    Image.fromarray(smooth).save(folder / "lossy.webp", quality=90)
    pil.save(folder / "sampled-420.jpg", quality=90)
    pil.save(folder / "sampled-444.jpg", quality=90, subsampling=0)
    pil.save(folder / "progressive.jpg", quality=85, progressive=True)
    gray.save(folder / "gray.jpg", quality=90)
    pil.convert("CMYK").save(folder / "cmyk.jpg", quality=90)
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[0x0112] = orientation
        pil.save(folder / f"orientation-{orientation}.jpg", quality=90, exif=exif)
    exif = Image.Exif()
    exif[0x0112] = 6
    pil.save(folder / "orientation-6.png", exif=exif)
    pil.save(folder / "orientation-6.webp", lossless=True, exif=exif)
    for path in sorted(folder.iterdir()):
        if path.suffix not in (".rgb", ".luma"):
            recorded(path.name)
    with Image.open(folder / "rgb.png") as image:
        gray = image.convert("L")
    (folder / "rgb.png.luma").write_bytes(gray.tobytes())


resized()
decoded()
