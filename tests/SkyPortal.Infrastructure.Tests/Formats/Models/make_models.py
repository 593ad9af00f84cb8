"""Makes the models and the answers that OnnxModelTests compares with.

Needs Debian's python3-torch 1.13 and python3-onnx 1.12:  python3 make_models.py
"""
import base64
import io
import json

import numpy as np
import onnx
import torch
import torch.nn as nn
import torch.nn.functional as F
from onnx import helper, numpy_helper

torch.manual_seed(4)


class Classifier(nn.Module):
    """Cut-outs and features, as classifiers of alerts take them."""

    def __init__(self):
        super().__init__()
        self.first = nn.Conv2d(3, 4, 3, padding=1)
        self.second = nn.Conv2d(4, 8, 3, stride=2, groups=2, bias=False)
        self.norm = nn.BatchNorm2d(8)
        self.dense = nn.Linear(8 * 2 * 2 + 5, 6)
        self.last = nn.Linear(6, 1)

    def forward(self, triplet, features):
        x = F.max_pool2d(F.relu(self.first(triplet)), 2)
        x = self.norm(F.leaky_relu(self.second(x), 0.2))
        x = torch.cat([torch.flatten(x, 1), features], 1)
        return torch.sigmoid(self.last(torch.tanh(self.dense(x))))


class Shapes(nn.Module):
    """What moves and reduces."""

    def forward(self, x):
        y = x.permute(0, 2, 3, 1)[:, 1:, ::2, :]
        y = y.reshape(x.shape[0], -1, 3)
        y = torch.softmax(y, dim=1) + y.mean(dim=2, keepdim=True) * y.amax(dim=(1, 2), keepdim=True)
        y = torch.matmul(y, torch.arange(12, dtype=torch.float32).reshape(3, 4) / 7)
        y = y.index_select(2, torch.tensor([3, 0, 1])).unsqueeze(1).squeeze(1)
        return F.elu(y - 1.5) ** 2


class Elements(nn.Module):
    """What works on each number."""

    def __init__(self):
        super().__init__()
        self.slopes = nn.PReLU(3, 0.3)

    def forward(self, x):
        y = self.slopes(x)
        y = F.avg_pool2d(y, 3, stride=2, padding=1) + F.adaptive_avg_pool2d(y, 1) - F.adaptive_max_pool2d(y, 1)
        y = torch.clamp(F.hardsigmoid(y) + F.softplus(y), 0.1, 1.4)
        return torch.sqrt(torch.abs(torch.exp(-y) / (y + 2) - torch.log(y + 1))) + torch.maximum(y, torch.minimum(y * 2, torch.reciprocal(y)))


def exported(module, inputs, names, version):
    module.eval()
    for child in module.modules():
        if isinstance(child, nn.BatchNorm2d):
            child.running_mean.uniform_(-0.3, 0.3)
            child.running_var.uniform_(0.5, 1.5)
    file = io.BytesIO()
    torch.onnx.export(
        module, inputs, file, input_names=names, output_names=["score"], opset_version=version,
        dynamic_axes={name: {0: "sample"} for name in names + ["score"]})
    with torch.no_grad():
        answer = module(*inputs)
    return file.getvalue(), {name: given.numpy() for name, given in zip(names, inputs)}, answer.numpy()


def same_padding():
    """auto_pad of models that come from Keras, against torch with the padding written out."""
    weights = torch.randn(2, 3, 4, 4)
    x = torch.randn(1, 3, 7, 7)
    node = helper.make_node("Conv", ["x", "w"], ["score"], auto_pad="SAME_UPPER", strides=[2, 2])
    graph = helper.make_graph(
        [node], "same", [helper.make_tensor_value_info("x", 1, [1, 3, 7, 7])], [helper.make_tensor_value_info("score", 1, [1, 2, 4, 4])],
        [numpy_helper.from_array(weights.numpy(), "w")])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
    answer = F.conv2d(F.pad(x, (1, 2, 1, 2)), weights, stride=2)
    return model.SerializeToString(), {"x": x.numpy()}, answer.numpy()


cases = {
    "classifier": exported(Classifier(), (torch.randn(2, 3, 11, 11), torch.randn(2, 5)), ["triplet", "features"], 13),
    "shapes": exported(Shapes(), (torch.randn(1, 3, 5, 6),), ["x"], 13),
    "shapes_old": exported(Shapes(), (torch.randn(1, 3, 5, 6),), ["x"], 11),
    "elements": exported(Elements(), (torch.randn(2, 3, 6, 7),), ["x"], 14),
    "same_padding": same_padding(),
}
rows = {}
for name, (model, inputs, answer) in cases.items():
    onnx.checker.check_model(onnx.load_from_string(model))
    print(name, len(model), sorted({node.op_type for node in onnx.load_from_string(model).graph.node}))
    rows[name] = {
        "model": base64.b64encode(model).decode(),
        "inputs": {key: {"shape": value.shape, "values": [round(float(v), 6) for v in value.ravel()]} for key, value in inputs.items()},
        "shape": answer.shape,
        "score": [round(float(v), 6) for v in answer.ravel()],
    }
with open("models.json", "w") as file:
    json.dump(rows, file, separators=(",", ":"))
    file.write("\n")
