import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { getMe, type Me, type Role } from '../../shared/member'
import { call } from './api'
import { giveBackTo } from './held'
import { forgetKept, readKept, writeKept } from './kept'
import { loginWorked } from './login'

/** Who is signed in; asked once, as early as possible, and shared by every page. */
export const useSession = defineStore('session', () => {
  const me = ref<Me | null>(null)
  let asking: Promise<Me> | null = null

  function know(): Promise<Me> {
    asking ??= call(getMe, {}).then(
      (answer) => {
        loginWorked()
        belongTo(answer.id)
        giveBackTo(answer.id)
        return (me.value = answer)
      },
      (thrown: unknown) => {
        asking = null
        throw thrown
      },
    )
    return asking
  }

  function forget() {
    me.value = null
    asking = null
  }
  const has = computed(() => (role: Role) => me.value?.roles.includes(role) ?? false)
  return { me, know, has, forget }
})

const WHO = 'jiebang.who'

/** On a device that two people share, the second finds nothing of what the first was writing. */
function belongTo(member: string): void {
  const before = readKept(localStorage, WHO)
  if (before !== null && before !== member) forgetKept()
  writeKept(localStorage, WHO, member)
}
