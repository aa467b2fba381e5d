/**
 * Makes something of each key once and keeps it as long as the process lives: keys are few.
 * @param make takes longer than looking it up
 */
export function onceForEach<Made>(make: (key: string) => Made): (key: string) => Made {
  const made = new Map<string, Made>()
  return (key) => {
    const known = made.get(key) ?? make(key)
    made.set(key, known)
    return known
  }
}
