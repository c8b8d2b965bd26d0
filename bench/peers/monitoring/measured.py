"""What a process has used so far, as one line of JSON, beside what it found."""
import json
import resource
import time

started = time.perf_counter()


def report(**found):
    own = resource.getrusage(resource.RUSAGE_SELF)
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime
    print(json.dumps({
        **found,
        "cpuSeconds": used,
        "seconds": time.perf_counter() - started,
        "peakBytes": max(own.ru_maxrss, children.ru_maxrss) * 1024,
    }))
