import { ref } from 'vue'
import { untilProblem, type Grantable } from '../../shared/right'
import { useHeld } from '../lib/held'
import { now } from '../lib/now'

/** What is filled in for a grant; it outlives the login that giving a role asks for. */
export function useGrantForm() {
  const member = ref<{ id: string; name: string } | null>(null)
  const role = ref<Grantable>('manager')
  const somewhere = ref(false)
  const departments = ref<number[]>([])
  const reason = ref('')
  const until = ref('')
  useHeld('right.grant.member', member)
  useHeld('right.grant.role', role)
  useHeld('right.grant.somewhere', somewhere)
  useHeld('right.grant.departments', departments)
  useHeld('right.grant.reason', reason)
  useHeld('right.grant.until', until)

  /** What stands in the way, by field. */
  const problems = () => ({
    until: untilProblem(role.value, until.value || null, now()),
    reason: !reason.value.trim(),
    departments: role.value === 'manager' && somewhere.value && departments.value.length === 0,
  })
  const wish = () =>
    member.value && {
      member: member.value.id,
      role: role.value,
      departments: role.value === 'manager' && somewhere.value ? departments.value : null,
      reason: reason.value,
      until: until.value || null,
    }
  return { member, role, somewhere, departments, reason, until, problems, wish }
}
