/** Where account-driven enrollment happens, in the order in which a device comes by. */
export const discoveryPath = "/.well-known/com.apple.remotemanagement";
export const enrollPath = "/enroll/account";
export const webSignInPath = "/enroll/account/sign-in";
export const authorizePath = "/enroll/account/authorize";
export const tokenPath = "/enroll/account/token";
export const ssoPath = "/enroll/account/sso";

export const accountPaths = [discoveryPath, enrollPath, webSignInPath, authorizePath, tokenPath, ssoPath];
