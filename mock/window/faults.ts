import type { CallbackFault, CallFault } from '../wecom/faults'
import type { Simulator } from '../wecom/simulator'
import type { Fault } from './view'

interface Preset {
  id: string
  zh: string
  en: string
  fault: CallFault | CallbackFault
}

/** Faults a person can switch on from the menu; tests set finer ones on `simulator.faults` themselves. */
const presets: Preset[] = [
  { id: 'down', zh: '接口全部中断', en: 'API unreachable', fault: { path: '*', drop: 'before-effect' } },
  { id: 'slow', zh: '接口慢 3 秒', en: 'API 3 s slow', fault: { path: '*', latency: 3000 } },
  { id: 'busy', zh: '频率超限 45009', en: 'Rate limit 45009', fault: { path: '*', errcode: 45009 } },
  {
    id: 'lost',
    zh: '分配成功但回答丢失',
    en: 'Transfer done, answer lost',
    fault: { path: 'externalcontact/resigned/transfer_customer', drop: 'after-effect' },
  },
  { id: 'silent', zh: '事件回调丢失', en: 'Callbacks lost', fault: { event: '*', lose: true } },
  { id: 'twice', zh: '事件回调重复', en: 'Callbacks twice', fault: { event: '*', duplicate: 2 } },
]

/** Which preset is on, and what takes it off. */
export type FaultMenu = Map<string, () => void>

export const faultIds = presets.map((p) => p.id)

export const faultList = (simulator: Simulator, menu: FaultMenu): Fault[] => {
  const armed = simulator.faults.list()
  return presets.map(({ id, zh, en, fault }) => ({ id, zh, en, on: menu.has(id) && armed.includes(fault) }))
}

export function setFault(simulator: Simulator, menu: FaultMenu, id: string, on: boolean): void {
  menu.get(id)?.()
  menu.delete(id)
  const preset = presets.find((p) => p.id === id)
  if (on && preset) menu.set(id, simulator.faults.add(preset.fault))
}
