import twoFactor = require("./index.js");
export default twoFactor;
