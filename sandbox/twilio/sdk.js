// @ts-check
"use strict";

/**
 * Twilio's SDK, led to the stand-in: its own request, with another address.
 */

const twilio = require("twilio");

/** Twilio's addresses that the stand-in answers for. */
const APIS = ["https://api.twilio.com", "https://verify.twilio.com"];
const { request: sdkRequest } = twilio.RequestClient.prototype;

/**
 * The SDK's own request, with Twilio's address replaced by ours: all else of it is what Twilio would get.
 * @param {string} url
 * @param {any} [own] that of another installation of the SDK
 * @returns {any}
 */
function requestTo(url, own = sdkRequest) {
  /**
   * @this {any}
   * @param {any} options
   */
  return async function (options) {
    // An edge, a region or another product has another host: better refused than sent to the network.
    const api = APIS.find((known) => options.uri.startsWith(`${known}/`));
    if (!api) {
      throw new Error(
        `The stand-in answers for ${APIS.join(" and ")}, not for ${options.uri}`,
      );
    }
    const uri = url + options.uri.slice(api.length);
    return own.call(this, { ...options, uri });
  };
}

/**
 * The option `httpClient` of Twilio's SDK.
 * @param {string} url
 * @returns {InstanceType<typeof twilio.RequestClient>}
 */
function httpClientTo(url) {
  const client = new twilio.RequestClient();
  client.request = requestTo(url);
  return client;
}

/**
 * From now on every client of the SDK in this process talks to the stand-in.
 * @param {string} url
 */
function captureSdk(url) {
  twilio.RequestClient.prototype.request = requestTo(url);
}

function releaseSdk() {
  twilio.RequestClient.prototype.request = sdkRequest;
}

module.exports = { requestTo, httpClientTo, captureSdk, releaseSdk };
