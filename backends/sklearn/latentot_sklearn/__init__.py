"""latentot_sklearn: decompositions of scikit-learn as generative models of latentot, the quickest example of a plugin.

    latentot check sklearn-pca
    latentot compare --model sklearn-pca --model-option latent=8 --data digits --out reports/pca

Each is fitted on the spot, to the training part of a data source: there is no checkpoint, nothing is pickled, and the
same options give the same model.

- `sklearn-pca`: x = mean + W z + sigma e, z ~ N(0, I), by principal components; q(z|x) in closed form.
- `sklearn-factor-analysis`: the same with a noise of its own for every pixel.
- `sklearn-mixture`: principal components, their law a mixture of Gaussians: a prior with clusters and no closed-form
  laws, on which only methods that learn from samples keep the prior. It has no encoder.
"""

from latentot_sklearn.linear import factor_analysis, pca
from latentot_sklearn.mixture import mixture

__all__ = ["factor_analysis", "mixture", "pca"]
