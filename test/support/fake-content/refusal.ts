/** How Apple's service says no: by a number, with the status that goes with it. */
export class ContentRefused extends Error {
  readonly number: number;
  readonly status: number;
  readonly info: object | undefined;

  constructor(number: number, info?: object) {
    super(`error ${number}`);
    this.number = number;
    this.status = statuses[number] ?? 400;
    this.info = info;
  }

  toJson(): object {
    return {
      errorNumber: this.number,
      errorMessage: `Something is wrong: ${this.number}`,
      ...(this.info && { errorInfo: this.info }),
    };
  }
}

const statuses: Readonly<Record<number, number>> = {
  9601: 401,
  9603: 500,
  9621: 401,
  9625: 401,
  9634: 410,
  9646: 429,
  9722: 401,
  9726: 405,
  9727: 415,
};
