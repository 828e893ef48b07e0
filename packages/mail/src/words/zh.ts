import type { Words } from "../words.ts";

export const zh: Words = {
  labels: {
    amount: "金额",
    charged: "已扣积分",
    credits: "积分",
    date: "日期",
    expires: "有效期至",
    images: "图片数量",
    product: "购买项目",
    prompt: "提示词",
    reference: "编号",
    newEmail: "新地址",
  },
  code: "或输入此验证码",
  because: {
    account: "您收到此邮件，是因为它与您的 ImgPilot 账户有关。",
    wish: "您收到此邮件，是因为您在 ImgPilot 账户中选择了接收。",
  },
  unsubscribe: "不再接收此类邮件",
  letters: {
    sign_in: {
      subject: "{code} 是您的 ImgPilot 验证码",
      heading: "登录 ImgPilot",
      text: ["点击按钮后会打开一个页面，请在那里确认是您本人。"],
      action: "登录",
      after: [
        "链接和验证码均只能使用一次，{minutes} 分钟内有效。",
        "如果这不是您的请求，请不必理会：没有这封邮件，任何人都无法以您的身份登录。",
      ],
    },
    welcome: {
      subject: "欢迎使用 ImgPilot",
      text: ["您的账户已开通，这些积分可用于试用所有模型。每次生成前都会显示价格，失败的图片绝不收费。"],
      action: "生成图片",
    },
    receipt: {
      subject: "您的 ImgPilot 收据",
      text: ["谢谢。我们已收到您的付款，积分已存入您的账户。"],
      action: "查看账单",
    },
    generation_finished: {
      subject: "您的图片已完成",
      text: ["您要求通知的生成任务已经结束。"],
      action: "查看图片",
    },
    credits_low: {
      subject: "您的积分即将用完",
      text: ["您曾要求在积分不多时收到提醒。"],
      action: "获取积分",
    },
    credits_expiring: {
      subject: "您的部分积分即将过期",
      text: ["在以下日期前未使用的积分将会过期。"],
      action: "立即使用",
    },
    policy_changed: {
      subject: "我们的隐私政策将有变更",
      text: ["新版本将于以下日期生效。在此之前，现行版本仍然适用。"],
      action: "查看变更内容",
    },
    export_ready: {
      subject: "您的数据可以下载了",
      text: ["我们保存的关于您的全部数据已放在一个文件中。请登录账户下载。"],
      action: "前往下载",
    },
    account_deleted: {
      subject: "您的 ImgPilot 账户已删除",
      text: [
        "您的会话、图片和历史记录均已删除。依照税法必须保留的付款记录将保留至期满。",
        "这是我们发给您的最后一封邮件。请保存编号，以备日后查询。",
      ],
    },
    new_sign_in: {
      subject: "您的 ImgPilot 账户有新的登录",
      text: ["有人登录了您的账户。", "如果是您本人，无需任何操作；如果不是，请立即结束该会话。"],
      action: "查看会话",
    },
    email_change: {
      subject: "请确认您的 ImgPilot 新地址",
      text: ["您账户的邮箱地址将更改为以下地址。两个地址都确认后，更改才会生效。"],
      action: "确认更改",
      after: ["链接只能使用一次，{minutes} 分钟内有效。", "如果这不是您的请求，请不必理会：不会有任何更改。"],
    },
    email_changed: {
      subject: "您的 ImgPilot 邮箱地址已更改",
      text: ["从现在起，请使用以下地址登录。", "如果这不是您的操作，请立即回复此邮件。"],
      action: "查看账户",
    },
  },
};
