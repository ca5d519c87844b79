// Lets every server of a Node.js program listen on a free port instead of the port that it asks for, and prints both.
"use strict";

const { Server } = require("node:net");

const { listen } = Server.prototype;
Server.prototype.listen = function listenOnFreePort(options, ...rest) {
    const wanted = typeof options === "object" ? options.port : options;
    this.once("listening", () => console.log(`port ${wanted} is ${this.address().port}`));
    return listen.call(this, typeof options === "object" ? { ...options, port: 0 } : 0, ...rest);
};
