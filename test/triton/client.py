"""Asks a server as users of the unmodified tritonclient do. Usage: client.py <host:port of HTTP> <host:port of gRPC>

Prints one JSON object: for each check 'ok', or what went wrong.
"""
import json
import queue
import sys
import traceback
import urllib.error
import urllib.request

import numpy as np
import tritonclient.grpc as grpcclient
import tritonclient.http as httpclient
from tritonclient.utils import InferenceServerException

HTTP, GRPC = sys.argv[1:3]
NUMPY = {
    "BOOL": np.bool_, "UINT8": np.uint8, "UINT16": np.uint16, "UINT32": np.uint32, "UINT64": np.uint64,
    "INT8": np.int8, "INT16": np.int16, "INT32": np.int32, "INT64": np.int64,
    "FP16": np.float16, "FP32": np.float32, "FP64": np.float64,
}
VALUES = {
    "BOOL": [True, False, True], "UINT64": [2**64 - 1, 2**53 + 1, 0], "INT64": [2**63 - 1, -(2**63), 2**53 + 1],
    "FP16": [1.5, -65504, 6e-8], "FP32": [0.1, -3e38, 1e-45], "FP64": [0.1, -1.7e308, 5e-324],
}

http = httpclient.InferenceServerClient(HTTP, concurrency=4)
grpc = grpcclient.InferenceServerClient(GRPC)
MODULES = {"http": (httpclient, http), "grpc": (grpcclient, grpc)}
results = {}


def check(name):
    def run(function):
        try:
            function()
            results[name] = "ok"
        except Exception:
            results[name] = traceback.format_exc()

    return run


def refused(call, status):
    try:
        call()
    except InferenceServerException as error:
        assert status in str(error.status()), f"{error.status()} {error.message()}"
        assert error.message(), "no message"
        return error.message()
    raise AssertionError("not refused")


def tensor(module, name, array, datatype, **options):
    given = module.InferInput(name, list(array.shape), datatype)
    given.set_data_from_numpy(array, **options)
    return given


def rows(module, **options):
    return tensor(module, "x", np.array([[1, 2, 3], [4, 5, 6]], np.float32), "FP32", **options)


for protocol, (module, client) in MODULES.items():

    @check(f"{protocol}: health, metadata and configuration")
    def _():
        assert client.is_server_live() and client.is_server_ready() and client.is_model_ready("sum")
        assert client.is_model_ready("sum", "1")
        
        options = {} if protocol == "http" else {"as_json": True}
        server = client.get_server_metadata(**options)
        assert server["name"] == "millrace" and "binary_tensor_data" in server["extensions"], server
        model = client.get_model_metadata("sum", **options)
        assert model["versions"] == ["1", "2"] and model["inputs"][0]["datatype"] == "FP32", model
        assert [int(size) for size in model["inputs"][0]["shape"]] == [-1, 3], model
        config = client.get_model_config("sum", **options)
        config = config.get("config", config)
        assert config["input"][0]["data_type"] == "TYPE_FP32", config

    @check(f"{protocol}: index, unload and load")
    def _():
        options = {} if protocol == "http" else {"as_json": True}
        index = client.get_model_repository_index(**options)
        index = index if protocol == "http" else index["models"]
        assert {"sum", "matrix"} <= {model["name"] for model in index}, index
        client.unload_model("sum")
        assert not client.is_model_ready("sum")
        refused(lambda: client.infer("sum", [rows(module)]), "503" if protocol == "http" else "UNAVAILABLE")
        client.load_model("sum")
        assert client.is_model_ready("sum")

    @check(f"{protocol}: statistics")
    def _():
        options = {} if protocol == "http" else {"as_json": True}
        stats = client.get_inference_statistics("sum", "2", **options)["model_stats"]
        assert len(stats) == 1 and stats[0]["name"] == "sum", stats

    @check(f"{protocol}: infer without and with named outputs, and by version")
    def _():
        for version in ("", "1"):
            for outputs in (None, [module.InferRequestedOutput("columns"), module.InferRequestedOutput("sum")]):
                answer = client.infer("sum", [rows(module)], version, outputs, "id-7")
                assert answer.as_numpy("sum").tolist() == [6, 15], answer.get_response()
                assert answer.as_numpy("columns").dtype == np.int64
        only = client.infer("sum", [rows(module)], outputs=[module.InferRequestedOutput("sum")])
        assert only.as_numpy("columns") is None

    @check(f"{protocol}: every datatype, bit by bit")
    def _():
        for datatype, numpy in NUMPY.items():
            given = np.array(VALUES.get(datatype, [0, 1, 127]), numpy)
            answer = client.infer(f"echo-{datatype}", [tensor(module, "x", given, datatype)])
            back = answer.as_numpy("y")
            assert back.dtype == given.dtype and back.tobytes() == given.tobytes(), (datatype, back)

    @check(f"{protocol}: strings and bytes")
    def _():
        given = np.array([b"", "\u03c8\U0001f600".encode(), b"\xff\x00", b"x" * 100_000], np.object_)
        answer = client.infer("echo-BYTES", [tensor(module, "x", given, "BYTES")])
        assert answer.as_numpy("y").tolist() == given.tolist()

    @check(f"{protocol}: no rows")
    def _():
        answer = client.infer("sum", [tensor(module, "x", np.zeros((0, 3), np.float32), "FP32")])
        assert answer.as_numpy("sum").shape == (0,)

    @check(f"{protocol}: compressed")
    def _():
        for algorithm in ("gzip", "deflate"):
            if protocol == "http":
                options = {"request_compression_algorithm": algorithm, "response_compression_algorithm": algorithm}
            else:
                options = {"compression_algorithm": algorithm}
            assert client.infer("sum", [rows(module)], **options).as_numpy("sum").tolist() == [6, 15]

    @check(f"{protocol}: refusals have the right status and a message")
    def _():
        http_or = lambda a, b: a if protocol == "http" else b
        refused(lambda: client.infer("nobody", [rows(module)]), http_or("404", "NOT_FOUND"))
        refused(lambda: client.infer("sum", [rows(module)], "9"), http_or("404", "NOT_FOUND"))
        wrong = tensor(module, "x", np.zeros((1, 4), np.float32), "FP32")
        message = refused(lambda: client.infer("sum", [wrong]), http_or("400", "INVALID_ARGUMENT"))
        assert "[-1,3]" in message, message
        missing = [module.InferRequestedOutput("z")]
        refused(lambda: client.infer("sum", [rows(module)], outputs=missing), http_or("400", "INVALID_ARGUMENT"))
        classes = [module.InferRequestedOutput("sum", class_count=2)]
        refused(lambda: client.infer("sum", [rows(module)], outputs=classes), http_or("400", "INVALID_ARGUMENT"))
        sequence = lambda: client.infer("sum", [rows(module)], sequence_id=5, sequence_start=True)
        refused(sequence, http_or("400", "INVALID_ARGUMENT"))
        busy = tensor(module, "code", np.array([b"QUEUE_FULL"], np.object_), "BYTES")
        refused(lambda: client.infer("failing", [busy]), http_or("429", "RESOURCE_EXHAUSTED"))
        assert client.is_server_ready()

    @check(f"{protocol}: a timeout in microseconds")
    def _():
        slow = tensor(module, "ms", np.array([5_000.0]), "FP64")
        refused(
            lambda: client.infer("slow", [slow], timeout=50_000),
            "504" if protocol == "http" else "DEADLINE_EXCEEDED",
        )
        assert client.infer("sum", [rows(module)], timeout=10_000_000, priority=1).as_numpy("sum").tolist() == [6, 15]

    @check(f"{protocol}: a body larger than is allowed")
    def _():
        large = tensor(module, "x", np.zeros((8_000_000, 3), np.float32), "FP32")
        try:
            client.infer("sum", [large])
        except InferenceServerException as error:
            assert ("413" if protocol == "http" else "RESOURCE_EXHAUSTED") in str(error.status()), error
        except (BrokenPipeError, ConnectionResetError):
            assert protocol == "http"
        else:
            raise AssertionError("not refused")
        fresh = httpclient.InferenceServerClient(HTTP)
        assert fresh.is_server_ready()


@check("http: JSON in and JSON out")
def _():
    for datatype, values in {**VALUES, "INT8": [1, -2, 3]}.items():
        if datatype == "FP16":
            continue
        given = np.array(values, NUMPY[datatype])
        outputs = [httpclient.InferRequestedOutput("y", binary_data=False)]
        sent = tensor(httpclient, "x", given, datatype, binary_data=False)
        answer = http.infer(f"echo-{datatype}", [sent], outputs=outputs)
        assert "parameters" not in answer.get_output("y"), answer.get_output("y")
        back = answer.as_numpy("y")
        assert back.tobytes() == given.tobytes(), (datatype, back)


@check("http: asynchronous")
def _():
    calls = [http.async_infer("sum", [rows(httpclient)]) for _ in range(20)]
    assert all(call.get_result().as_numpy("sum").tolist() == [6, 15] for call in calls)


@check("grpc: asynchronous")
def _():
    done = queue.Queue()
    for _ in range(20):
        grpc.async_infer("sum", [rows(grpcclient)], lambda result, error: done.put((result, error)))
    for _ in range(20):
        result, error = done.get(timeout=10)
        assert error is None and result.as_numpy("sum").tolist() == [6, 15]


@check("grpc: a stream, with a request in it that fails")
def _():
    done = queue.Queue()
    grpc.start_stream(lambda result, error: done.put((result, error)))
    for model in ("sum", "nobody", "sum"):
        grpc.async_stream_infer(model, [rows(grpcclient)], request_id=model)
    answers = [done.get(timeout=10) for _ in range(3)]
    grpc.stop_stream()
    assert [error is None for _, error in answers] == [True, False, True], answers


@check("grpc: a deadline of the client")
def _():
    slow = tensor(grpcclient, "ms", np.array([5_000.0]), "FP64")
    refused(lambda: grpc.infer("slow", [slow], client_timeout=0.1), "DEADLINE_EXCEEDED")


def invoke(body, content_type, path="/invocations?model=sum"):
    request = urllib.request.Request(f"http://{HTTP}{path}", body.encode(), {"Content-Type": content_type})
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


@check("mlflow: /invocations in its forms")
def _():
    split = {"dataframe_split": {"index": [0, 1], "columns": ["a", "b", "c"], "data": [[1, 2, 3], [4, 5, 6]]}}
    records = {"dataframe_records": [{"a": 1, "b": 2, "c": 3}, {"a": 4, "b": 5, "c": 6}]}
    expected = (200, {"predictions": [{"sum": 6, "columns": 3}, {"sum": 15, "columns": 3}]})
    for body in (split, records, {"instances": [[1, 2, 3], [4, 5, 6]]}, {"inputs": {"x": [[1, 2, 3], [4, 5, 6]]}}):
        answer = invoke(json.dumps(body), "application/json")
        assert answer == expected, answer
    assert invoke("a,b,c\n1,2,3\n4,5,6\n", "text/csv") == expected
    status, failure = invoke("{}", "application/json")
    assert status == 400 and failure["error_code"] == "BAD_REQUEST" and failure["message"], failure


print(json.dumps(results))
