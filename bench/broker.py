"""A private RabbitMQ node on loopback. It stops with bench/run, and does not affect a RabbitMQ node that the machine runs."""

import contextlib
import itertools
import os
import socket
import subprocess
import time

from servers import fail, free_port, new_folder, stopping

PROGRAMS = "/usr/lib/rabbitmq/bin"  # the same commands in /usr/sbin change to the user rabbitmq
MAX_START_TIME = 120  # seconds


class Broker:
    def __init__(self, port, environment):
        self.port = port
        self._environment = environment
        self._vhosts = itertools.count(1)

    def control(self, *words):
        """Runs rabbitmqctl."""
        command = [f"{PROGRAMS}/rabbitmqctl", "--quiet", *words]
        subprocess.run(command, env=self._environment, check=True, stdout=subprocess.DEVNULL)

    @contextlib.contextmanager
    def new_vhost(self):
        """Yields the URL of an empty virtual host, which is deleted afterwards with everything in it."""
        name = f"bench-{next(self._vhosts)}"
        self.control("add_vhost", name)
        self.control("set_permissions", "-p", name, "guest", ".*", ".*", ".*")
        yield f"amqp://guest:guest@127.0.0.1:{self.port}/{name}"
        self.control("delete_vhost", name)


def accepts_connections(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextlib.contextmanager
def running_broker():
    """Yields a Broker. Its data is on the same disk as the data of the servers under test."""
    with new_folder() as folder, contextlib.ExitStack() as stack, open(folder / "output", "wb") as output:
        port, mapper_port, distribution_port = free_port(), free_port(), free_port()
        (folder / "rabbitmq.conf").write_text(f"listeners.tcp.1 = 127.0.0.1:{port}\n")
        (folder / "plugins").write_text("[].\n")
        environment = {
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            "HOME": str(folder),  # the node keeps its Erlang cookie there
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "ERL_EPMD_PORT": str(mapper_port),
            "RABBITMQ_NODENAME": f"bench-{os.getpid()}@localhost",
            "RABBITMQ_DIST_PORT": str(distribution_port),
            "RABBITMQ_CONF_ENV_FILE": "/dev/null",  # instead of the machine's own file
            "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
            "RABBITMQ_CONFIG_FILES": str(folder / "none"),
            "RABBITMQ_ADVANCED_CONFIG_FILE": str(folder / "none.config"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
            "RABBITMQ_MNESIA_BASE": str(folder / "mnesia"),
            "RABBITMQ_LOG_BASE": str(folder / "log"),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
            # With this setting, rabbitmq-server replaces itself with the node (exec), so that signals to the process reach the
            # node.
            "RABBITMQ_ALLOW_INPUT": "true",
        }

        def start(*command):
            process = subprocess.Popen(
                command, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
            )
            stack.enter_context(stopping(process))
            return process

        def wait_for(process, port):
            begin = time.monotonic()
            while not accepts_connections(port):
                if process.poll() is not None or time.monotonic() > begin + MAX_START_TIME:
                    fail(f"RabbitMQ did not start:\n{(folder / 'output').read_text()[-2000:]}")
                time.sleep(0.05)

        # epmd starts before the node, because the node would otherwise start an epmd that outlives it.
        wait_for(start("epmd"), mapper_port)
        wait_for(start(f"{PROGRAMS}/rabbitmq-server", "-noinput"), port)
        broker = Broker(port, environment)
        broker.control("await_startup", "--timeout", str(MAX_START_TIME))
        yield broker
