"""One ONNX model of one FP32 tensor as Open Inference V2 JSON, on FastAPI, pydantic and ONNX Runtime: server.py PORT MODEL"""

import sys
from pathlib import Path

import numpy as np
import onnxruntime as ort
import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel

port, file = sys.argv[1:]
name = Path(file).stem
options = ort.SessionOptions()
options.intra_op_num_threads = 1
session = ort.InferenceSession(file, options, providers=["CPUExecutionProvider"])
output = session.get_outputs()[0].name
app = FastAPI()


class Tensor(BaseModel):
    name: str
    shape: list[int]
    datatype: str
    data: list[float]


class InferRequest(BaseModel):
    inputs: list[Tensor]


class InferResponse(BaseModel):
    model_name: str
    outputs: list[Tensor]


@app.post(f"/v2/models/{name}/infer")
def infer(request: InferRequest) -> InferResponse:
    given = request.inputs[0]
    values = np.array(given.data, np.float32).reshape(given.shape)
    (answer,) = session.run([output], {given.name: values})
    tensor = Tensor(name=output, shape=list(answer.shape), datatype="FP32", data=answer.ravel().tolist())
    return InferResponse(model_name=name, outputs=[tensor])


uvicorn.run(app, host="127.0.0.1", port=int(port), log_level="warning", access_log=False)
