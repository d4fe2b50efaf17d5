import { EVENTS, Poller } from "@serialport/bindings-cpp/dist/poller.js";

/** Runs `pump` on a bare descriptor each time it is `readable` or `writable`, until that gives true. It may fail with EAGAIN. */
export function whenReady(fd, event, pump) {
  return new Promise((resolve) => {
    const poller = new Poller(fd);
    const flag = event === "readable" ? EVENTS.UV_READABLE : EVENTS.UV_WRITABLE;
    poller.on(event, () => {
      if (!isDone(fd, pump)) return poller.poll(flag);
      poller.removeAllListeners();
      poller.stop();
      resolve();
    });
    poller.poll(flag);
  });
}

function isDone(fd, pump) {
  try {
    return pump(fd);
  } catch (error) {
    if (error.code !== "EAGAIN") throw error;
    return false;
  }
}
