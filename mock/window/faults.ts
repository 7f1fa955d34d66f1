import type { Fault as Armed } from '../wecom/faults'
import type { Simulator } from '../wecom/simulator'
import { presets, type Preset } from './presets'
import type { Fault } from './view'

/** Which preset is on, since when, and what takes it off. */
export type FaultMenu = Map<string, { off: () => void; fault: Armed | null }>

export const faultIds = presets.map((p) => p.id)

export const faultList = (simulator: Simulator, menu: FaultMenu): Fault[] =>
  presets.map(({ id, group, zh, en }) => ({ id, group, zh, en, on: isOn(simulator, menu, id) }))

/** Faults that nobody switched on here: tests and other processes do that. */
export function strangeFaults(simulator: Simulator, menu: FaultMenu): number {
  const ours = [...menu.values()].map((m) => m.fault)
  return simulator.faults.list().filter((f) => !ours.includes(f)).length
}

function isOn(simulator: Simulator, menu: FaultMenu, id: string): boolean {
  const known = menu.get(id)
  return known !== undefined && (known.fault === null || simulator.faults.list().includes(known.fault))
}

export function setFault(simulator: Simulator, menu: FaultMenu, id: string, on: boolean): void {
  menu.get(id)?.off()
  menu.delete(id)
  const preset = presets.find((p) => p.id === id)
  if (on && preset) menu.set(id, turnedOn(simulator, preset))
}

export function clearFaults(simulator: Simulator, menu: FaultMenu): void {
  for (const { off } of menu.values()) off()
  menu.clear()
  simulator.faults.clear()
}

function turnedOn(simulator: Simulator, preset: Preset): { off: () => void; fault: Armed | null } {
  if ('fault' in preset) return { off: simulator.faults.add(preset.fault), fault: preset.fault }
  const { limits } = simulator
  const names = Object.keys(preset.limits) as (keyof typeof preset.limits)[]
  const before = Object.fromEntries(names.map((name) => [name, limits[name]]))
  Object.assign(limits, preset.limits)
  return { off: () => void Object.assign(limits, before), fault: null }
}
