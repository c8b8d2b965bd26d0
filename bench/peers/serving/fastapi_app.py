"""One model behind FastAPI, as people write it: a validated body, one session of ONNX Runtime. MODEL names the file."""

import os
from typing import Annotated

import numpy as np
import onnxruntime
from fastapi import FastAPI
from pydantic import BaseModel, Field

options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 1
options.inter_op_num_threads = 1
options.log_severity_level = 3
session = onnxruntime.InferenceSession(os.environ["MODEL"], options)
app = FastAPI()


class Request(BaseModel):
    features: Annotated[list[float], Field(min_length=28, max_length=28)]


class Answer(BaseModel):
    prediction: float


@app.post("/predict")
async def predict(request: Request) -> Answer:
    row = np.array([request.features], dtype=np.float32)
    probabilities = session.run(["probabilities"], {"x": row})[0]
    return Answer(prediction=float(probabilities[0, 1]))


@app.get("/health")
async def health() -> dict[str, bool]:
    return {"ok": True}
