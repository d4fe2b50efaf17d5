"""A WAMP router with ticket log-in, as far as labgrid's coordinator, exporters and clients need one: Debian has none.

Prints its port when it listens, and ends with its standard input.
"""

import asyncio
import itertools
import sys

from autobahn.asyncio.websocket import WampWebSocketServerFactory
from autobahn.wamp import message, role

# What every part of labgrid answers to the challenge.
TICKET = "dummy-ticket"
ROLES = {
    "broker": role.RoleBrokerFeatures(),
    "dealer": role.RoleDealerFeatures(caller_identification=True),
}


class Router:
    """What the sessions share: who subscribes to a topic, who serves a procedure, and the calls under way."""

    def __init__(self):
        self.ids = itertools.count(1)
        self.subscribers = {}
        self.procedures = {}
        self.calls = {}

    def publish(self, topic, args, kwargs=None, publisher=None):
        publication = next(self.ids)
        for session, subscription in self.subscribers.get(topic, {}).items():
            if session is not publisher:
                session.send(message.Event(subscription, publication, args=args, kwargs=kwargs))


class Session:
    """One peer at the router, as autobahn's transport calls it."""

    def __init__(self, router):
        self.router = router
        self.joined = False
        # By these names the transport logs them.
        self._session_id = next(router.ids)
        self._authid = None

    def onOpen(self, transport):
        self.send = transport.send

    def onMessage(self, received):
        getattr(self, f"on_{type(received).__name__.lower()}")(received)

    def onClose(self, was_clean):
        for table in self.router.subscribers.values():
            table.pop(self, None)
        served = [name for name, (session, _) in self.router.procedures.items() if session is self]
        for name in served:
            del self.router.procedures[name]
        if self.joined:
            self.joined = False
            self.router.publish("wamp.session.on_leave", [self._session_id])

    def on_hello(self, hello):
        self.realm, self._authid = hello.realm, hello.authid
        self.send(message.Challenge("ticket"))

    def on_authenticate(self, given):
        if given.signature != TICKET:
            self.send(message.Abort("wamp.error.authentication_failed"))
            return
        self.joined = True
        self.send(message.Welcome(self._session_id, ROLES, realm=self.realm, authid=self._authid, authmethod="ticket"))
        self.router.publish("wamp.session.on_join", [{"session": self._session_id, "authid": self._authid}])

    def on_subscribe(self, asked):
        subscription = next(self.router.ids)
        self.router.subscribers.setdefault(asked.topic, {})[self] = subscription
        self.send(message.Subscribed(asked.request, subscription))

    def on_publish(self, event):
        self.router.publish(event.topic, event.args, event.kwargs, publisher=self)
        if event.acknowledge:
            self.send(message.Published(event.request, next(self.router.ids)))

    def on_register(self, asked):
        registration = next(self.router.ids)
        self.router.procedures[asked.procedure] = (self, registration)
        self.send(message.Registered(asked.request, registration))

    def on_call(self, call):
        if call.procedure not in self.router.procedures:
            self.send(message.Error(message.Call.MESSAGE_TYPE, call.request, "wamp.error.no_such_procedure"))
            return
        callee, registration = self.router.procedures[call.procedure]
        request = next(self.router.ids)
        self.router.calls[request] = (self, call.request)
        callee.send(message.Invocation(request, registration, args=call.args, kwargs=call.kwargs, caller=self._session_id))

    def on_yield(self, result):
        caller, request = self.router.calls.pop(result.request)
        caller.send(message.Result(request, args=result.args, kwargs=result.kwargs))

    def on_error(self, error):
        caller, request = self.router.calls.pop(error.request)
        caller.send(
            message.Error(message.Call.MESSAGE_TYPE, request, error.error, args=error.args, kwargs=error.kwargs)
        )

    def on_goodbye(self, _):
        self.send(message.Goodbye())


async def main():
    router = Router()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(WampWebSocketServerFactory(lambda: Session(router), loop=loop), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


asyncio.run(main())
