// In Node; its twin runs the same cases in the other runtime.
import "../support/scep-padding-cases.ts";
