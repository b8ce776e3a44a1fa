"""The network cable between one computer and the office, for a test to pull.

Chromium's own "offline" switch leaves open WebSockets alone, so it proves nothing about
them. Every connection of a computer goes through this relay; pulling the cable breaks
all of them and takes no new one, as a lost network does.
"""

from __future__ import annotations

import selectors
import socket
import threading

CHUNK = 65_536
CONNECT_SECONDS = 5.0


class Cable:
    """Listens on `port` of the loopback and relays to `target_port` until closed."""

    def __init__(self, target_port: int) -> None:
        self._target = ("127.0.0.1", target_port)
        self._lock = threading.Lock()
        self._pairs: dict[socket.socket, socket.socket] = {}
        self._plugged = True
        self._selector = selectors.DefaultSelector()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self._wake, self._woken = socket.socketpair()
        for source in (self._listener, self._woken):
            self._selector.register(source, selectors.EVENT_READ)
        self._closing = False
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._run, name="cable", daemon=True)
        self._thread.start()

    def pull(self) -> None:
        with self._lock:
            self._plugged = False
        self._wake.send(b"x")

    def plug_in(self) -> None:
        with self._lock:
            self._plugged = True

    def close(self) -> None:
        self._closing = True
        self._wake.send(b"x")
        self._thread.join(10)

    def _run(self) -> None:
        while not self._closing:
            for key, _events in self._selector.select():
                source = key.fileobj
                assert isinstance(source, socket.socket)
                if source is self._listener:
                    self._accept()
                elif source is self._woken:
                    self._woken.recv(64)
                elif source in self._pairs:
                    self._relay(source)
            with self._lock:
                plugged = self._plugged
            if not plugged or self._closing:
                for end in list(self._pairs):
                    self._drop(end)
        self._selector.close()
        for end in (self._listener, self._wake, self._woken):
            end.close()

    def _accept(self) -> None:
        near, _address = self._listener.accept()
        with self._lock:
            plugged = self._plugged
        try:
            if not plugged:
                raise ConnectionError("the cable is pulled")
            far = socket.create_connection(self._target, CONNECT_SECONDS)
        except OSError:
            near.close()
            return
        for end, other in ((near, far), (far, near)):
            end.settimeout(CONNECT_SECONDS)
            self._pairs[end] = other
            self._selector.register(end, selectors.EVENT_READ)

    def _relay(self, source: socket.socket) -> None:
        try:
            data = source.recv(CHUNK)
            if data:
                self._pairs[source].sendall(data)
                return
        except OSError:
            pass
        self._drop(source)

    def _drop(self, end: socket.socket) -> None:
        other = self._pairs.pop(end, None)
        if other is None:
            return
        del self._pairs[other]
        for each in (end, other):
            self._selector.unregister(each)
            each.close()
