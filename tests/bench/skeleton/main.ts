// The sidebar's own stack without a line of ours: what somebody pays for these packages alone. It shows what the plain page shows.
import { env, getContext, getCurExternalContact, openEnterpriseChat, register, sendChatMessage } from '@wecom/jssdk'
import axios from 'axios'
import { createPinia, defineStore } from 'pinia'
import 'vant/es/button/index.css'
import 'vant/es/style/base.css'
import { createApp, h, onMounted, ref } from 'vue'
import * as z from 'zod/mini'

z.config({ jitless: true })
const shape = z.object({ name: z.string(), lines: z.array(z.string()) })
const useBrief = defineStore('brief', () => ({ brief: ref<z.output<typeof shape> | null>(null) }))

const page = {
  setup() {
    const store = useBrief()
    onMounted(async () => {
      if (env.isWeCom) {
        register({ corpId: 'ww1', jsApiList: [] })
        await Promise.all([getContext(), getCurExternalContact()])
      }
      const { data } = await axios.get<unknown>('./brief.json')
      store.brief = z.parse(shape, data)
    })
    const act = () => sendChatMessage({ msgtype: 'text', text: { content: '' } }).catch(() => openEnterpriseChat({}))
    return () =>
      store.brief &&
      h('main', [
        h('h1', store.brief.name),
        ...store.brief.lines.map((line) => h('p', line)),
        h('button', { class: 'van-button van-button--primary', onClick: act }, '发送'),
      ])
  },
}

createApp(page).use(createPinia()).mount('#app')
