/** An object as a listing has it. */
export interface BucketEntry {
  readonly key: string
  /** Bytes. */
  readonly size: number
  /** Milliseconds since the epoch. */
  readonly modifiedAt: number
}

/**
 * The bucket of one server. Keys begin with one of the prefixes that its need names, and then say whose the object is:
 * `results/<tenant>/…`. All methods throw where S3 does not answer or does not allow it.
 */
export interface Bucket {
  put(key: string, body: Uint8Array | string, about: { readonly contentType: string }): Promise<void>
  /** The whole object, or undefined. */
  get(key: string): Promise<{ readonly body: Uint8Array; readonly contentType: string } | undefined>
  /** All objects whose keys begin so, by key. */
  list(prefix: string): Promise<readonly BucketEntry[]>
  /** No error where there is none. */
  delete(key: string): Promise<void>
  /**
   * A presigned URL that opens the object for whoever has it. It ends with the credentials that signed it, a function's
   * after hours, if that is sooner.
   */
  link(key: string, options: LinkOptions): Promise<string>
}

export interface LinkOptions {
  readonly seconds: number
  /** Saved under this name; absent: shown, where the browser can. */
  readonly downloadName?: string
}
