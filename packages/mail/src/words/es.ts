import type { Words } from "../words.ts";

export const es: Words = {
  labels: {
    amount: "Importe",
    charged: "Cobrado, en créditos",
    credits: "Créditos",
    date: "Fecha",
    expires: "Hasta",
    images: "Imágenes",
    product: "Compra",
    prompt: "Descripción",
    reference: "Referencia",
    newEmail: "Dirección nueva",
  },
  code: "O escribe este código",
  because: {
    account: "Recibes este correo porque se refiere a tu cuenta de ImgPilot.",
    wish: "Recibes este correo porque lo pediste en tu cuenta de ImgPilot.",
  },
  unsubscribe: "Dejar de recibir estos correos",
  letters: {
    sign_in: {
      subject: "{code} es tu código de ImgPilot",
      heading: "Entra en ImgPilot",
      text: ["El botón abre una página en la que confirmas que eres tú."],
      action: "Entrar",
      after: [
        "El enlace y el código sirven una vez, durante {minutes} minutos.",
        "Si no lo has pedido, no hagas nada: sin este correo nadie puede entrar en tu nombre.",
      ],
    },
    welcome: {
      subject: "Te damos la bienvenida a ImgPilot",
      text: [
        "Tu cuenta está abierta y estos créditos son tuyos para probar todos los modelos. Ves el precio antes de cada imagen, y una imagen fallida no se cobra nunca.",
      ],
      action: "Crear una imagen",
    },
    receipt: {
      subject: "Tu recibo de ImgPilot",
      text: ["Gracias. Hemos recibido tu pago y los créditos están en tu cuenta."],
      action: "Ver la facturación",
    },
    generation_finished: {
      subject: "Tus imágenes están listas",
      text: ["La generación de la que pediste aviso ha terminado."],
      action: "Ver las imágenes",
    },
    credits_low: {
      subject: "Te quedan pocos créditos",
      text: ["Pediste un aviso para cuando quedaran pocos créditos."],
      action: "Conseguir créditos",
    },
    credits_expiring: {
      subject: "Parte de tus créditos caduca pronto",
      text: ["Los créditos que no uses hasta la fecha indicada caducan."],
      action: "Usarlos ahora",
    },
    policy_changed: {
      subject: "Nuestra política de privacidad cambia",
      text: ["Una nueva versión entra en vigor en la fecha indicada. Hasta entonces rige la actual."],
      action: "Leer los cambios",
    },
    export_ready: {
      subject: "Tus datos están listos para descargar",
      text: ["Todo lo que guardamos sobre ti está en un solo archivo. Entra en tu cuenta para descargarlo."],
      action: "Ir a la descarga",
    },
    account_deleted: {
      subject: "Tu cuenta de ImgPilot se ha eliminado",
      text: [
        "Tus sesiones, imágenes e historial ya no existen. Lo que la ley fiscal nos obliga a conservar sobre los pagos permanece hasta que venza el plazo.",
        "Este es el último correo que recibes de nosotros. Guarda la referencia por si tienes alguna pregunta.",
      ],
    },
    new_sign_in: {
      subject: "Nuevo acceso a tu cuenta de ImgPilot",
      text: [
        "Alguien ha entrado en tu cuenta.",
        "Si fuiste tú, no tienes que hacer nada. Si no, cierra esa sesión ahora.",
      ],
      action: "Ver tus sesiones",
    },
    email_change: {
      subject: "Confirma tu nueva dirección de ImgPilot",
      text: [
        "La dirección de tu cuenta va a cambiar a la indicada. Cambiará cuando ambas direcciones lo hayan confirmado.",
      ],
      action: "Confirmar el cambio",
      after: [
        "El enlace sirve una vez, durante {minutes} minutos.",
        "Si no lo has pedido, no hagas nada: nada cambia.",
      ],
    },
    email_changed: {
      subject: "Tu dirección de ImgPilot ha cambiado",
      text: [
        "A partir de ahora entras con la dirección indicada.",
        "Si no lo has pedido, responde a este correo de inmediato.",
      ],
      action: "Ver tu cuenta",
    },
  },
};
