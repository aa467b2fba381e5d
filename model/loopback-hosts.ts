/** Host names, as `URL.hostname` has them, of the very machine that a program runs on: plain http may go there. */
export const LOOPBACK_HOSTS: readonly string[] = ['localhost', '127.0.0.1', '[::1]']
