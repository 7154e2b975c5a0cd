"""latentot_torch_module: someone else's torch.nn.Module, as a model of latentot.

    latentot compare --model torch-module --model-option factory=my_module:make --model-option latent=10 \\
        --model-option weights=theirs.safetensors --model-option spread=log-variance --out reports/theirs

`factory` is a function of your own, in a module that Python finds (installed, or on PYTHONPATH). It makes the network:
an nn.Module with `decode(z)`, which gives data in [0, 1], and perhaps `encode(x)`, which gives the mean and the scale
or, with `spread`, what that is made of; or a torch.export program, which decodes. `weights` are its state dict as
safetensors: they are numbers, and nothing in that file is executed. Files that hold pickles, .pt, .pth and .pt2, are
never opened.
"""

from latentot_torch_module.plugin import load

__all__ = ["load"]
