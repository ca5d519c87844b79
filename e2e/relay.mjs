// A relay keeps its port for a whole test and forwards connections to a server, so that a restarted server has the same
// address. While there is no server, it resets connections at once.

import { once } from "node:events";
import { connect, createServer } from "node:net";

export class Relay {
  constructor() {
    /**
     * The port of the server, or null.
     * @type {number | null}
     */
    this.target = null;
    /** @type {Set<import("node:net").Socket>} */
    this.sockets = new Set();
    this.listener = createServer((client) => this.forward(client));
  }

  /** Listens on a free port of the loopback interface. */
  async listen() {
    this.listener.listen(0, "127.0.0.1");
    await once(this.listener, "listening");
    const { port } = /** @type {import("node:net").AddressInfo} */ (this.listener.address());
    this.url = `http://127.0.0.1:${port}`;
  }

  /** @param {import("node:net").Socket} client */
  forward(client) {
    this.track(client);
    if (this.target === null) {
      client.resetAndDestroy();
      return;
    }
    const server = this.track(connect(this.target, "127.0.0.1"));
    client.pipe(server).pipe(client);
    client.on("error", () => server.destroy());
    server.on("error", () => client.destroy());
  }

  /** @param {import("node:net").Socket} socket */
  track(socket) {
    this.sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => this.sockets.delete(socket));
    return socket;
  }

  close() {
    this.listener.close();
    this.sockets.forEach((socket) => socket.destroy());
  }
}
