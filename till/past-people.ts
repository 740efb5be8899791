/**
 * The regulars of a made-up shop. Rule kept: invented names, and mobiles of a form that no operator has given
 * out (all begin 60000 000). Never shown for a real shop.
 */

export type Regular = { readonly name: string; readonly mobile: string };

const names = [
  'Anita Verma',
  'Suresh Gupta',
  'Farida Khan',
  'Rakesh Meena',
  'Pooja Agarwal',
  'Imran Ansari',
  'Kavita Jain',
  'Mahesh Saini',
  'Sunita Rathore',
  'Deepak Joshi',
  'Rekha Choudhary',
  'Vikram Singh',
  'Neha Bansal',
  'Gopal Swami',
  'Shabnam Qureshi',
  'Arvind Mathur',
  'Lata Kumawat',
  'Harpreet Kaur',
  'Manoj Tiwari',
  'Geeta Pareek',
  'Yusuf Ali',
  'Seema Goyal',
  'Ramesh Jangid',
  'Priya Nair',
  'Dinesh Khandelwal',
  'Usha Shekhawat',
  'Salim Sheikh',
  'Asha Mishra',
  'Naresh Soni',
  'Kamla Devi',
  'Rohit Malhotra',
  'Bhavna Vyas',
  'Jitendra Yadav',
  'Zoya Mirza',
  'Mukesh Prajapat',
  'Sarita Bhati',
  'Ashok Lodha',
  'Nirmala Sen',
  'Pankaj Dixit',
  'Vandana Kothari',
] as const;

export const regulars: readonly Regular[] = names.map((name, i) => ({
  name,
  mobile: `60000000${String(i).padStart(2, '0')}`,
}));
