import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { getMe, type Me, type Role } from '../../shared/member'
import { call } from './api'
import { giveBackTo } from './held'
import { loginWorked } from './login'

/** Who is signed in; asked once, as early as possible, and shared by every page. */
export const useSession = defineStore('session', () => {
  const me = ref<Me | null>(null)
  let asking: Promise<Me> | null = null

  function know(): Promise<Me> {
    asking ??= call(getMe, {}).then(
      (answer) => {
        loginWorked()
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

  const has = computed(() => (role: Role) => me.value?.roles.includes(role) ?? false)
  return { me, know, has }
})
