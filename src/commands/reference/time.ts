import type { References } from "./command-reference.ts";

const SERVER = 'AT+CHTPSERV="ADD","www.example.net",80,1';

/** The time over HTTP. */
export const timeReference: References = {
  "+CHTPSERV": {
    syntax: 'AT+CHTPSERV="ADD",<server>,<port>,<version>[,<proxy>,<proxyPort>] or AT+CHTPSERV="DEL",<server>',
    parameters: {
      operation: { ADD: "adds a server", DEL: "deletes one; those behind it move up" },
      server: "name or address; the number of the server, from 0, with DEL",
      port: "of the server",
      version: { 0: "HTTP/1.0", 1: "HTTP/1.1" },
      proxy: "server that passes the request on",
      proxyPort: "of the proxy",
    },
    responses: ['+CHTPSERV:<number>"<server>",<port>,<version>[,"<proxy>",<proxyPort>]'],
    codes: { ERROR: "the list holds 16 servers already, or there is none of that number" },
    example: [SERVER, "AT+CHTPSERV?", 'AT+CHTPSERV="DEL",0'],
  },
  "+CHTPUPDATE": {
    responses: ["+CHTPUPDATE:NULL", "+CHTPUPDATE:Updating"],
    codes: { ERROR: "there is no server, or an update runs" },
    urcs: {
      "+CHTPUPDATE: <err>":
        "the clock is set (0), or is not: 1 not HTTP, 2 the server refuses the request, 3 it tells no time, 4 the network fails",
    },
    example: [SERVER, "AT+CHTPUPDATE", { until: "+CHTPUPDATE: 0" }, "AT+CCLK?"],
  },
};
