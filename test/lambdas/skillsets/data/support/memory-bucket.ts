import type { Bucket } from '../../../../../lambdas/runtime/bucket.ts'

/** A bucket in memory; its links say what they were asked for. */
export class MemoryBucket implements Bucket {
  readonly objects = new Map<string, { body: Uint8Array; contentType: string }>()

  async put(key: string, body: Uint8Array | string, { contentType }: { contentType: string }) {
    this.objects.set(key, { body: Buffer.from(body), contentType })
  }
  async get(key: string) {
    return this.objects.get(key)
  }
  async list(prefix: string) {
    const keys = [...this.objects.keys()].filter((key) => key.startsWith(prefix)).sort()
    return keys.map((key) => ({ key, size: this.objects.get(key)?.body.byteLength ?? 0, modifiedAt: 0 }))
  }
  async delete(key: string) {
    this.objects.delete(key)
  }
  async link(key: string, { seconds, downloadName }: { seconds: number; downloadName?: string }) {
    return `https://bucket.invalid/${key}?seconds=${seconds}${downloadName ? `&name=${downloadName}` : ''}`
  }
}
