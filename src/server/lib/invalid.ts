import { Failure } from '../../shared/failure'

/** Names the fields; never repeats their values, which may be somebody's data. */
export class InvalidInput extends Failure {
  constructor(readonly fields: string[]) {
    super('invalid', { fields: fields.join(', ') })
  }
}
