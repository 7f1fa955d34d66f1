import { createApp } from 'vue'
import App from './App.vue'
import { begin } from './desk'
// In this order: what comes later may overrule.
import './base.css'
import './bar.css'
import './client.css'
import './phone.css'
import './over.css'
import './width.css'

begin()
createApp(App).mount('#window')
