import { ref } from 'vue'
import { findChat } from '../../shared/customer'
import { call } from '../lib/api'
import { useAct } from '../lib/load'
import { useSession } from '../lib/session'
import { isInWeCom, openChat, registerPage } from '../lib/wecom'

/** Opens a customer's chat in WeCom; `unopened`: its client does not, so that people have to do it themselves. */
export function useChat() {
  const session = useSession()
  const unopened = ref(!isInWeCom())
  const { busy, failure, act } = useAct()

  const open = (customer: string, opened: () => void) =>
    act(async () => {
      const { contact } = await call(findChat, { customer })
      registerPage(await session.know())
      await openChat(contact).then(opened, () => (unopened.value = true))
    })

  return { busy, failure, unopened, open }
}
