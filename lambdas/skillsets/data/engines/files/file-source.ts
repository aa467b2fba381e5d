/** A file as it was when it was listed. */
export interface SourceFile {
  /** Below the source, parts joined by `/`. */
  readonly key: string
  /** Another one whenever the content is another. */
  readonly etag: string
}

/** Where data sets have their files: a folder or a bucket. */
export interface FileSource {
  /** Those whose key begins so. */
  list(prefix: string): Promise<readonly SourceFile[]>
  /**
   * Writes the file to a path that is not there yet.
   * @throws Error where the file is another one by now
   */
  fetch(file: SourceFile, path: string): Promise<void>
}
