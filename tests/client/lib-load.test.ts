import { effectScope } from 'vue'
import { expect, it } from 'vitest'
import { usePages } from '../../src/client/lib/load'

interface Answer {
  items: string[]
  next: string | null
}

/** A list whose answers come when the test says so. */
function listed() {
  const asked: { after: string | undefined; answer: (items: string[], next?: string) => Promise<void> }[] = []
  const list = effectScope().run(() =>
    usePages(
      (after) =>
        new Promise<Answer>((come) =>
          asked.push({
            after,
            answer: async (items, next) => {
              come({ items, next: next ?? null })
              await Promise.resolve()
              await new Promise((done) => setTimeout(done))
            },
          }),
        ),
    ),
  )!
  return { list, asked }
}

it('a list that was asked for anew is not overwritten by the answer that comes too late', async () => {
  const { list, asked } = listed()
  void list.load()
  void list.load()
  await asked[1]!.answer(['done'])
  await asked[0]!.answer(['open'])
  expect(list.items.value).toEqual(['done'])
  expect(list.first.value?.items).toEqual(['done'])
})

it('nor does its next page come into a list that began anew at the same place', async () => {
  const { list, asked } = listed()
  void list.load()
  await asked[0]!.answer(['a'], 'p')
  void list.more()
  void list.load()
  await asked[2]!.answer(['b'], 'p')
  await asked[1]!.answer(['a2'])
  expect(list.items.value).toEqual(['b'])
  expect(list.next.value).toBe('p')
})
