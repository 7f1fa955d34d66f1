import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Every text file below the given files and folders of the repository, by its path. */
export function textsIn(paths: string[], ending: RegExp): { path: string; text: string }[] {
  return paths
    .flatMap(filesBelow)
    .filter((path) => ending.test(path))
    .map((path) => ({ path, text: readFileSync(path, 'utf8') }))
}

function filesBelow(path: string): string[] {
  let entries
  try {
    entries = readdirSync(path, { withFileTypes: true })
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOTDIR' ? [path] : []
  }
  return entries.flatMap((entry) => {
    const below = join(path, entry.name)
    return entry.isDirectory() ? filesBelow(below) : [below]
  })
}
