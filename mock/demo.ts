import type { Cast } from './wecom/cast'

/**
 * The settings of an app that serves the sample corp, as an administrator would have typed them from WeCom's console.
 * `publicUrl` is the simulated window, because there the app lives inside the simulated WeCom client.
 */
export function demoSettings(
  cast: Cast,
  at: { publicUrl: string; apiUrl: string; port: number; secret: string; dataDir: string },
): Record<string, string> {
  return {
    HOST: '127.0.0.1',
    PORT: String(at.port),
    PUBLIC_URL: at.publicUrl,
    DATA_DIR: at.dataDir,
    SECRET: at.secret,
    FRAME_ANCESTORS: "'self'",
    WECOM_API_URL: at.apiUrl,
    WECOM_AUTHORIZE_URL: `${at.publicUrl}/connect/oauth2/authorize`,
    WECOM_CORP_ID: cast.corp.id,
    WECOM_AGENT_ID: String(cast.app.agentId),
    WECOM_APP_SECRET: cast.app.secret,
    WECOM_APP_TOKEN: cast.app.callback.token,
    WECOM_APP_AES_KEY: cast.app.callback.encodingAesKey,
    WECOM_CONTACTS_TOKEN: cast.contactSync.callback.token,
    WECOM_CONTACTS_AES_KEY: cast.contactSync.callback.encodingAesKey,
    COMPANY_NAME: cast.corp.name,
    COMPANY_FULL_NAME: cast.corp.fullName,
    COMPANY_ADDRESS: '上海市徐汇区示例路 100 号',
    HOTLINE: '400-000-0000',
    PRIVACY_CONTACT: '沈岚',
    PRIVACY_MAIL: 'privacy@example.com',
    COMPLAINT_DEPARTMENT: '个人信息保护办公室',
    ALTERNATIVE_CHANNEL: '客服热线 400-000-0000',
    RETENTION: '合作期间及结束后三年，之后删除',
    MANAGERS: 'hezhiyuan,zhoumin',
    // Two, because what one of compliance writes or asks for another confirms.
    COMPLIANCE: 'shenlan,wangsiqi',
    ADMINS: 'machao,wangsiqi',
    STAFF_CONSULTED_ON: '2026-03-02',
    STAFF_PUBLISHED_ON: '2026-03-16',
  }
}
