import type { Words } from "../words.ts";

export const ko: Words = {
  labels: {
    amount: "금액",
    charged: "사용한 크레딧",
    credits: "크레딧",
    date: "날짜",
    expires: "기한",
    images: "이미지 수",
    product: "구매 내역",
    prompt: "프롬프트",
    reference: "참조 번호",
    newEmail: "새 주소",
  },
  code: "또는 이 코드를 입력하세요",
  because: {
    account: "이 메일은 회원님의 ImgPilot 계정과 관련된 안내입니다.",
    wish: "이 메일은 ImgPilot 계정에서 수신을 요청하셨기 때문에 보내 드립니다.",
  },
  unsubscribe: "이 메일 그만 받기",
  letters: {
    sign_in: {
      subject: "{code} – ImgPilot 코드입니다",
      heading: "ImgPilot 로그인",
      text: ["버튼을 누르면 본인임을 확인하는 페이지가 열립니다."],
      action: "로그인",
      after: [
        "링크와 코드는 {minutes}분 안에 한 번만 사용할 수 있습니다.",
        "요청하지 않으셨다면 아무것도 하지 않으셔도 됩니다. 이 메일 없이는 누구도 회원님으로 로그인할 수 없습니다.",
      ],
    },
    welcome: {
      subject: "ImgPilot에 오신 것을 환영합니다",
      text: [
        "계정이 열렸으며, 이 크레딧으로 모든 모델을 사용해 보실 수 있습니다. 가격은 이미지를 만들기 전에 표시되고, 실패한 이미지에는 요금이 부과되지 않습니다.",
      ],
      action: "이미지 만들기",
    },
    receipt: {
      subject: "ImgPilot 영수증",
      text: ["감사합니다. 결제가 완료되었으며 크레딧이 계정에 추가되었습니다."],
      action: "결제 내역 보기",
    },
    generation_finished: {
      subject: "이미지가 완성되었습니다",
      text: ["알림을 요청하신 생성 작업이 끝났습니다."],
      action: "이미지 보기",
    },
    credits_low: {
      subject: "크레딧이 얼마 남지 않았습니다",
      text: ["크레딧이 적게 남으면 알려 달라고 요청하셨습니다."],
      action: "크레딧 충전하기",
    },
    credits_expiring: {
      subject: "일부 크레딧이 곧 만료됩니다",
      text: ["아래 날짜까지 사용하지 않은 크레딧은 만료됩니다."],
      action: "지금 사용하기",
    },
    policy_changed: {
      subject: "개인정보 처리방침이 변경됩니다",
      text: ["새 버전은 아래 날짜부터 적용됩니다. 그때까지는 현재 버전이 적용됩니다."],
      action: "변경 내용 읽기",
    },
    export_ready: {
      subject: "데이터를 다운로드할 수 있습니다",
      text: ["회원님에 관해 보관 중인 모든 데이터가 하나의 파일에 담겼습니다. 로그인하여 다운로드하세요."],
      action: "다운로드로 이동",
    },
    account_deleted: {
      subject: "ImgPilot 계정이 삭제되었습니다",
      text: [
        "세션, 이미지, 기록이 모두 삭제되었습니다. 세법에 따라 보관해야 하는 결제 기록은 기한이 끝날 때까지 남습니다.",
        "이 메일은 저희가 보내는 마지막 메일입니다. 문의에 대비해 참조 번호를 보관해 주세요.",
      ],
    },
    new_sign_in: {
      subject: "ImgPilot 계정에 새로운 로그인이 있었습니다",
      text: [
        "누군가 회원님의 계정에 로그인했습니다.",
        "본인이라면 아무것도 하지 않으셔도 됩니다. 아니라면 지금 그 세션을 종료하세요.",
      ],
      action: "세션 보기",
    },
    email_change: {
      subject: "새 ImgPilot 주소를 확인해 주세요",
      text: ["계정의 주소가 아래 주소로 변경될 예정입니다. 두 주소 모두 확인하면 변경됩니다."],
      action: "변경 확인",
      after: [
        "링크는 {minutes}분 안에 한 번만 사용할 수 있습니다.",
        "요청하지 않으셨다면 아무것도 하지 않으셔도 됩니다. 아무것도 바뀌지 않습니다.",
      ],
    },
    email_changed: {
      subject: "ImgPilot 주소가 변경되었습니다",
      text: ["이제부터 아래 주소로 로그인하세요.", "요청하지 않으셨다면 즉시 이 메일에 회신해 주세요."],
      action: "계정 보기",
    },
  },
};
