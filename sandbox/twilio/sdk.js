// @ts-check
"use strict";

/**
 * Twilio's SDK, led to the stand-in: its own request, with another address.
 */

const twilio = require("twilio");

const API = "https://api.twilio.com";
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
    if (!options.uri.startsWith(`${API}/`)) {
      throw new Error(
        `The stand-in answers for ${API}, not for ${options.uri}`,
      );
    }
    const uri = url + options.uri.slice(API.length);
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
