"""latentot_onnx: a decoder, and perhaps an encoder, in ONNX files, as a model of latentot.

    latentot compare --model onnx --model-option decoder=decoder.onnx --model-option encoder=encoder.onnx \\
        --data digits --out reports/mine

The decoder has one input, latents of shape (n, *latent shape), and one output, data of shape (n, *data shape), n left
open in the export. The encoder has one input, data, and two outputs, each of the latents' shape: the mean, and the
scale or, with `spread=log-variance` or `spread=variance`, what it is made of. The prior is one of latentot's, by name.

Where a network has more outputs, those wanted are named: `output=images`, `encoder_outputs=["mean", "log_var"]`; where
it has more inputs, they are given a value, for every row the same: `inputs={label=3}`, `encoder_inputs={label=3}`.

A network that is no model, but sees data, gives features to judge by: `lot.feature_extractor("onnx:FILE")`.
"""

from latentot_onnx.extractor import load_features
from latentot_onnx.plugin import load

__all__ = ["load", "load_features"]
