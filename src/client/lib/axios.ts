import axios from 'axios'
import { TIMEOUT_MS } from './http'

/** The only axios of the house. What an answer means is read from it, whatever its status (api.ts). */
export const http = axios.create({ timeout: TIMEOUT_MS, validateStatus: () => true })
