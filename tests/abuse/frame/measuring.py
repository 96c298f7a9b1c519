"""Memory and processor time of the server while a case runs."""

import threading
from pathlib import Path

PAGE = 4096  # bytes; the unit of "mem" in /proc/net/sockstat


def kernel_tcp_memory():
    """Returns the bytes that the kernel uses for TCP on this machine, with both ends of each connection."""
    for line in Path("/proc/net/sockstat").read_text().splitlines():
        if line.startswith("TCP:"):
            words = line.split()
            return int(words[words.index("mem") + 1]) * PAGE
    return 0


class Sampler:
    """Samples the server every 20 ms on a separate thread."""

    def __init__(self, server):
        self._server = server
        self._stop = threading.Event()
        self._kernel_before = kernel_tcp_memory()
        self._processor_before = server.processor_time()
        self.peak_rss = server.rss()
        self.peak_kernel = 0
        self.processor_time = 0.0
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self):
        while not self._stop.wait(0.02):
            self._sample()

    def _sample(self):
        self.peak_rss = max(self.peak_rss, self._server.rss())
        self.peak_kernel = max(self.peak_kernel, kernel_tcp_memory() - self._kernel_before)
        # A process that has ended reports 0: keep the last value.
        self.processor_time = max(self.processor_time, self._server.processor_time() - self._processor_before)

    def stop(self):
        self._stop.set()
        self._thread.join()
        self._sample()
