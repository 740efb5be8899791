# The peer of the trainer: Debian's scikit-learn, one thread, the same rows and as near the same settings as it has.
# Reads a JSON line per order from stdin, answers a JSON line. Nothing of the product runs on Python.
import json
import sys
import time

import numpy as np
from sklearn import __version__
from sklearn.ensemble import HistGradientBoostingRegressor

print(json.dumps({"version": __version__}), flush=True)
for line in sys.stdin:
    order = json.loads(line)
    rows, held, features = order["rows"], order["held"], order["features"]
    values = np.fromfile(order["values"], dtype=np.float32).reshape(rows + held, features)
    target = np.fromfile(order["target"], dtype=np.float64)
    model = HistGradientBoostingRegressor(
        max_iter=order["trees"], max_depth=order["maxDepth"], max_leaf_nodes=order["maxLeaves"],
        learning_rate=order["learningRate"], min_samples_leaf=order["minRows"], l2_regularization=0.0,
        max_bins=254, early_stopping=False,
    )
    started = time.perf_counter()
    model.fit(values[:rows], target[:rows])
    seconds = time.perf_counter() - started
    error = model.predict(values[rows:]) - target[rows:]
    print(json.dumps({"seconds": seconds, "rmse": float(np.sqrt(np.mean(error * error)))}), flush=True)
