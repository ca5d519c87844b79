// Requests to the server's API. Paths, parameters, bodies and responses have the types of api.d.ts.

/** @import { Method, PathWith, Problem, RequestOptions, ResponseBody } from "../types.d.ts" */

/** The server rejected a request. The message says why. */
export class ApiError extends Error {
  /**
   * @param {number} status
   * @param {Problem | null} problem
   */
  constructor(status, problem) {
    super(problem?.detail ?? `The request failed with status ${status}. Try again later.`);
    this.status = status;
  }
}

/**
 * Sends a request and returns the JSON of the response, or null if it has no body.
 * @template {Method} M
 * @template {PathWith<M>} P
 * @param {M} method
 * @param {P} template the path with `{name}` for each parameter
 * @param {RequestOptions<P, M>} options
 * @returns {Promise<ResponseBody<P, M>>}
 * @throws {ApiError} if the server rejects the request
 */
export async function request(method, template, options) {
  const { path = {}, query = {}, body, text, token } = /** @type {Record<string, any>} */ (options);
  const json = body === undefined ? undefined : JSON.stringify(body);
  const type = json === undefined ? "text/plain" : "application/json";
  const response = await send(method, buildPath(template, path, query), token, type, json ?? text);
  const received = await response.text();
  return /** @type {ResponseBody<P, M>} */ (received === "" ? null : JSON.parse(received));
}

/**
 * Sends a GET request and returns the response as a file.
 * @param {string} path
 * @param {string | undefined} token
 * @throws {ApiError} if the server rejects the request
 */
export async function requestFile(path, token) {
  return (await send("get", path, token)).blob();
}

/**
 * @param {string} template
 * @param {Record<string, string>} path
 * @param {Record<string, string | number>} query
 */
function buildPath(template, path, query) {
  const filled = template.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(String(path[name])));
  const parameters = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]));
  return parameters.size === 0 ? filled : `${filled}?${parameters}`;
}

/**
 * @param {Method} method
 * @param {string} path
 * @param {string | undefined} token
 * @param {string} [type] the media type of the body
 * @param {string} [body]
 */
async function send(method, path, token, type = "", body) {
  /** @type {Record<string, string>} */
  const headers = { accept: "application/json" };
  if (body !== undefined) {
    headers["content-type"] = type;
  }
  if (token) {
    headers.authorization = `Bearer ${token}`;
  }
  const init = { method: method.toUpperCase(), headers, body };
  const response = await fetch(path, init).catch((cause) => {
    throw new Error("The server cannot be reached. Check the connection and try again.", { cause });
  });
  if (!response.ok) {
    // A proxy may respond without a problem document.
    throw new ApiError(response.status, await response.json().catch(() => null));
  }
  return response;
}
