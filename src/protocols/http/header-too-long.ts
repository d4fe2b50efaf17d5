import { HTTP_HEADER } from "../../platform/limits.ts";

/** A header, of the request or of the response, is longer than what we are ready to keep. */
export class HeaderTooLong extends Error {
  override readonly name = "HeaderTooLong";

  constructor() {
    super(`a header of more than ${HTTP_HEADER} bytes`);
  }
}
