"""Names written down twice: pairs that are one person, and pairs that are two people with like names.

All are put together by hand from common names; nobody is meant. A line is `given | family | as typed later`; the
family name may be missing. They were written before the search was tuned to anything and are not to be
changed to please it: a pair that is not found stays, and counts.
"""

from dataclasses import dataclass

_SAME = {
    "Arabic by another ear": """
        Mohamed | Benali | Muhammad Benali
        Mohammed | Bouazza | Mouhamed Bouaza
        Mohamed | Cherkaoui | Mehmed Sherkawi
        Youssef | Belhadj | Yusuf Belhaj
        Youcef | Khelifi | Youssef Khlifi
        Djamel | Bouteflika | Jamal Butaflika
        Djamila | Meziane | Jamila Mezian
        Khaled | Mansouri | Khalid Mansuri
        Abdelkader | Haddad | Abd el Kader Hadad
        Abderrahmane | Slimani | Abdurahman Sulaimani
        Abdellah | Ouali | Abdallah Wali
        Abdelaziz | Tounsi | Abdul Aziz Tunsi
        Hicham | Idrissi | Hisham Idrisi
        Rachid | Chaoui | Rashid Shawi
        Aïcha | Benkirane | Aisha Ben Kiran
        Khadija | Zeroual | Hadija Zerwal
        Fatima Zahra | Naciri | Fatma Zohra Nasiri
        Noureddine | Saïdi | Nur al-Din Saidi
        Salaheddine | Fassi | Salah Eddin Fasi
        Mustapha | Guerrouj | Mostafa Gerrouj
        Brahim | Lahcen | Ibrahim Lahsen
        Slimane | Azoulay | Suleiman Azulai
        Houcine | Bouhlel | Hussein Bouhlal
        Hassan | Qasmi | Hasan Kacemi
        Saïd | Gharbi | Said Rharbi
        Walid | Jebali | Oualid Djebali
        Tarek | Ghannouchi | Tariq Ghanushi
        Zouheir | Trabelsi | Zuhair Trabulsi
        Mouloud | Aït Ahmed | Mulud Ait Hamed
        Yacine | Boudiaf | Yassin Budiaf
        Ayoub | Essaidi | Ayub Saidi
        Mehdi | Jomaa | Mahdi Djemaa
        Nasser | Al-Qahtani | Nasir Alkahtani
        Anwar | Shaheen | Anouar Chahine
        Qusay | Darwish | Kousai Darwich
        Obaida | Al-Khatib | Oubayda Khateeb
        Faysal | Othman | Faisal Osman
        Haytham | Zoubi | Haitham Al Zu'bi
        Wissam | Haddouche | Ouissam Hadush
        Souad | Bouchareb | Suad Busharib
        Nabil | Chraïbi | Nabeel Shraibi
        Lotfi | Dhaouadi | Lutfi Daouadi
    """,
    "West and East Africa": """
        Mamadou | Diallo | Mamadu Jallow
        Ousmane | Ouattara | Usman Wattara
        Cheikh | Ndiaye | Sheikh N'Diaye
        Abdoulaye | Bâ | Abdulai Bah
        Souleymane | Cissé | Suleiman Sise
        Alassane | Touré | Alhassan Toure
        Ibrahima | Sow | Ibrahim Sou
        Seydou | Keïta | Saidu Keita
        Boubacar | Camara | Bubakar Kamara
        Aminata | Coulibaly | Aminatou Kulibali
        Kwame | Asante | Kouame Ashanti
        Yonas | Tesfay | Jonas Tesfai
        Tewelde | Gebremedhin | Tewolde Ghebremedhin
        Abdirahman | Hassan Farah | Abdurahman Xasan Faarax
        Mehret | Haile | Mihret Hayle
        Emeka | Okonkwo | Emeka Okonkwu
    """,
    "Romance accents and habits": """
        Ștefan | Țurcanu | Stefan Turcanu
        Dănuț | Bălan | Danut Balan
        Gheorghe | Lăcătuș | George Lacatus
        Ionuț | Câmpeanu | Ionut Cimpeanu
        Mihai | Ciobanu | Mihail Chobanu
        Cătălin | Ungureanu | Catalin Ungurianu
        Răzvan | Păun | Razvan Paun
        Constantin | Dumitru | Konstantin Dimitru
        João | Gonçalves | Joao Goncalves
        Antônio | Conceição | Antonio Conceicao
        José | Magalhães | Jose Magalhaes
        Luís | Guimarães | Luiz Guimaraens
        Inês | Assunção | Ines Assuncao
        Hélder | Simões | Elder Simoes
        Nuno | Queirós | Nuno Queiroz
        Iñaki | Ibáñez | Inaki Ibanes
        Jesús | Núñez | Jesus Nunes
        François | Lefèvre | Francois Lefebvre
        Jérôme | Gauthier | Gerome Gautier
        Philippe | Maréchal | Filip Marechal
        Loïc | Guéguen | Loic Gueguen
        Giuseppe | D'Angelo | Guiseppe Dangelo
        Luca | Bianchi | Lucca Bianki
    """,
    "Slavic, Baltic, Germanic spellings": """
        Łukasz | Wójcik | Lukasz Wojcik
        Małgorzata | Zielińska | Malgorzata Zielinska
        Wojciech | Szczepański | Vojtek Stchepanski
        Grzegorz | Brzęczyszczykiewicz | Gregor Bzeczyszczykiewicz
        Krzysztof | Kowalczyk | Kristof Kovalchik
        Zbigniew | Jabłoński | Zbignev Yablonski
        Paweł | Świątek | Pavel Swiatek
        Jiří | Dvořák | Jiri Dvorak
        Tomáš | Procházka | Tomas Prohaska
        Željko | Kovačević | Zeljko Kovacevic
        Đorđe | Đukić | Djordje Djukic
        Miloš | Petrović | Milosh Petrovich
        Šarūnas | Kazlauskas | Sarunas Kaslauskas
        Jānis | Bērziņš | Janis Berzins
        Oleksandr | Shevchenko | Alexander Chevtchenko
        Volodymyr | Kovalenko | Vladimir Kowalenko
        Serhii | Tkachuk | Sergey Tkatchuk
        Yevhen | Hrytsenko | Evgen Gritsenko
        Evgueni | Tchaïkine | Yevgeny Chaikin
        Nikolaï | Joukov | Nikolay Zhukov
        Jürgen | Müller | Juergen Mueller
        Günther | Weiß | Gunter Weiss
        Björn | Sørensen | Bjorn Soerensen
        Fränz | Schmït | Franz Schmit
        Gjergj | Hoxha | Gerg Hodja
    """,
    "Another script": """
        محمد | بن علي | Mohamed Ben Ali
        يوسف | حداد | Youssef Haddad
        خالد | منصور | Khaled Mansour
        أحمد | الخطيب | Ahmad Al-Khatib
        فاطمة | الزهراء | Fatima Zahra
        حسين | درويش | Hussein Darwish
        عبد الله | صالح | Abdallah Saleh
        مصطفى | شريف | Mustafa Sharif
        Ibrahim | Qasim | إبراهيم قاسم
        Omar | Jaber | عمر جابر
        سعيد | غني | Said Ghani
        رضا | کریمی | Reza Karimi
        Иван | Петров | Ivan Petrov
        Сергей | Иванов | Sergej Ivanow
        Димитър | Христов | Dimitar Hristov
        Георги | Щерев | Georgi Shterev
        Юлия | Жукова | Julia Joukova
        Олександр | Ткаченко | Oleksandr Tkachenko
        Євген | Гриценко | Yevhen Hrytsenko
        Любомир | Цветков | Lyubomir Tsvetkov
        Stoyan | Kovachev | Стоян Ковачев
        Natalia | Khomenko | Наталія Хоменко
        Александр | Чернышёв | Alexander Chernyshov
        Γιώργος | Παπαδόπουλος | Giorgos Papadopoulos
        გიორგი | ბერიძე | Giorgi Beridze
        ዮናስ | ተስፋይ | Yonas Tesfay
    """,
    "In another order": """
        Karim | Benzema | Benzema Karim
        Papa Ousmane | Sarr | Sarr Papa Ousmane
        Maria Fernanda | Lopes | Lopes Fernanda Maria
        Bogdan | Munteanu | Munteanu Bogdan
        Tiago | Figueiredo | FIGUEIREDO, Tiago
        Nguyen Van | Thanh | Thanh Nguyen Van
        Piotr | Nowakowski | Nowakowsky Piotr
        Bilal | Hamdaoui | Hamdawi Bilal
        Ali Reza | Mohammadi | Mohamadi Alireza
        Jean Luc | Hoffmann | Hoffman Jean-Luc
        Mamadou Lamine | Sané | Sane Lamine Mamadou
        Stoyan | Angelov | ANGELOV STOJAN
        Robel | Kidane Mariam | Kidane Robel
        Sofiane | Mokrani | Mokrani, S.
        Vasile | Rotaru | Rotaru Vasilie
        Amadou Tidiane | Barry | Barry Amadu Tidjane
        Anna Maria | Kaczmarek | Kaczmarek Maria
    """,
    "A name missing": """
        Maria da Conceição | Pereira Tavares | Maria Tavares
        Abdoul Karim | Zongo | Karim Zongo
        Yannick |  | Yannick Mbemba
        Soufiane | Lamrabet | Lamrabet
        Zdravko | Tsankov | Zdravko
        Oussama | Bel Mokhtar | Usama
        Marian Florin | Stoica | Florin Stoica
        Haben |  | Haben Woldu
        Carlos Alberto | Mendonça Rocha | Carlos Rocha
        Nkechi | Obiora | Obiora
        Redouane |  | Redwan Ziani
        El Hadji Malick | Gueye | Malick Gueye
        Vladislav | Ostapenko | Ostapenko
        Abdul Wahid |  | Wahid
        Jose Manuel | Teixeira | Ze Manel Teixeira
        Ahmad Shah | Stanekzai | Stanikzai
        Ghislaine | Nsimba Lukoki | Ghislaine Lukoki
    """,
    "A slip of the fingers": """
        Mohamed | Lakhdar | Mohmaed Lakhdar
        Ousmane | Traoré | Ousmnae Traore
        Andrei | Popescu | Andrie Popsecu
        Krzysztof | Wiśniewski | Krzystof Wisniewski
        Fernando | Carvalho | Fernado Carvalo
        Christophe | Delacroix | Chritsophe Delcaroix
        Sébastien | Lambert | Sebastein Lanbert
        Alexandru | Constantinescu | Alexnadru Constantinesc
        Mamadou | Kouyaté | Mamafou Kouyate
        Abdelhak | Bensalem | Abdelhal Bensalem
        Tomasz | Lewandowski | Tonasz Lewandowki
        Isabel | Rodrigues | Isabrl Rodrigues
        Valentin | Georgiev | Valentni Gerogiev
        Moussa | Dembélé | Mousssa Dembelle
        Fatoumata | Konaté | Fatoumta Konate
        Patrick | Schneider | Partick Schnieder
        Nicolae | Vasilescu | Nicolea Vasielscu
        Samir | Bouzid | Smair Bouzid
        Omar | Faruk | Oamr Farruk
        Ali | Mokhtari | Alo Mokhtari
        Ion | Rusu | Iom Rusu
        Rui | Pinto | Rui Punto
        Issa | Fofana | Iss Fofana
        Yahya | Sissoko | Yaya Sisoko
        Dragan | Jovanović | Dragsn Jovanovic
        Michel | Thill | Mcihel Thil
        Wassim | Khoury | Wasim Khuory
        Lamine | Diarra | Amine Diarra
        Ruslan | Melnyk | Ruslam Melnik
        Gerard | Wagner | Gérrard Wagnre
        Daniel | Oliveira | Danil Oluveira
        Hamza | Belkacem | Hamzq Belkqcem
        Zoran | Nikolić | Yoran Nikolic
        Marek | Zając | Maerk Zajac
        Babacar | Faye | Bbacar Faye
        Emmanuel | Adeyemi | Emanuel Adeymei
    """,
    "Particles and hyphens": """
        Jean-Pierre | Kasongo | Jeanpierre Kasongo
        Marie-Claire | Ndong | Marie Claire Ndong
        Saad | El Amrani | Saad Amrani
        Mohamed | Ould Cheikh | Mohamed Cheikh
        Khalid | Ben Youssef | Khalid Benyoussef
        Hamid | Aït Lahcen | Hamid Aitlahcen
        Ana | dos Santos Ferreira | Ana Santos Ferreira
        Paulo | da Silva | Paulo Dasilva
        Koen | van den Berg | Koen Vandenberg
        Klaus | von Hagen | Klaus Hagen
        Sean | O'Connor | Sean Oconnor
        Abd-el-Rahman | Zidan | Abdelrahman Zidan
        Nour | El-Din | Noureddin
        Rosa | de la Cruz | Rosa Delacruz
        Bachir | al-Masri | Bashir Elmasri
        Ahmed | Bou-Khalil | Ahmed Boukhalil
        Thierry | Le Goff | Thierry Legoff
        Anne-Sophie | Müller-Klein | Annesophie Klein
        Abou | Bakr Siddiq | Aboubakr Sidiq
    """,
}
_DIFFERENT = {
    "Another given name, nearly the same": """
        Mohamed | Benali | Mahmoud Benali
        Ahmed | Haddad | Hamed Haddad
        Hassan | Mansouri | Hussein Mansouri
        Hassan | Diop | Hassane Diouf
        Karim | Saïdi | Karima Saïdi
        Samir | Chaoui | Samira Chaoui
        Jamal | Tounsi | Kamal Tounsi
        Amin | Gharbi | Amina Gharbi
        Said | Trabelsi | Saad Trabelsi
        Khaled | Jebali | Khalil Jebali
        Salim | Meziane | Slimane Meziane
        Rachid | Naciri | Rachida Naciri
        Nabil | Fassi | Nabila Fassi
        Omar | Boudiaf | Amar Boudiaf
        Abdelkader | Ouali | Abdelkarim Ouali
        Abdelaziz | Slimani | Abdellatif Slimani
        Abdoulaye | Cissé | Abdou Cissé
        Mamadou | Keïta | Mahamadou Keïta
        Ousmane | Camara | Souleymane Camara
        Ibrahima | Coulibaly | Issa Coulibaly
        Moussa | Touré | Issa Touré
        Aminata | Sow | Awa Sow
        Fatou | Ndiaye | Fatoumata Ndiaye
        Ion | Ciobanu | Ioan Ciobanu
        Ion | Popescu | Ionel Popescu
        Ioana | Bălan | Ion Bălan
        Mihai | Dumitru | Mihaela Dumitru
        Marian | Păun | Mariana Păun
        Andrei | Ungureanu | Andreea Ungureanu
        Daniel | Stoica | Dan Stoica
        João | Gonçalves | Joana Gonçalves
        Luís | Simões | Luísa Simões
        José | Magalhães | Josefa Magalhães
        António | Pereira | Antónia Pereira
        Manuel | Rocha | Miguel Rocha
        Paweł | Wójcik | Paulina Wójcik
        Łukasz | Nowakowski | Lucjan Nowakowski
        Jan | Kaczmarek | Janusz Kaczmarek
        Иван | Петров | Иванка Петрова
        Виктор | Иванов | Виталий Иванов
        Сергей | Ткаченко | Андрей Ткаченко
        Jean | Hoffmann | Jeanne Hoffmann
        Jean-Pierre | Lambert | Jean-Paul Lambert
        Michel | Wagner | Michèle Wagner
        François | Gauthier | Françoise Gauthier
        Marc | Schmit | Marco Schmit
    """,
    "Another family name, nearly the same": """
        Mohamed | Benali | Mohamed Bensalem
        Mohamed | Haddad | Mohamed Haddadi
        Youssef | Mansouri | Youssef Mansour
        Karim | Belkacem | Karim Belhadj
        Ali | Hamdaoui | Ali Hamidi
        Ahmed | Khelifi | Ahmed Khalfi
        Mamadou | Diallo | Mamadou Diarra
        Mamadou | Barry | Mamadou Bah
        Ousmane | Sarr | Ousmane Sané
        Cheikh | Diop | Cheikh Diouf
        Andrei | Popescu | Andrei Popa
        Ionuț | Munteanu | Ionuț Moldoveanu
        Maria | Pereira | Maria Ferreira
        Carlos | Santos | Carlos Matos
        João | Tavares | João Teixeira
        Piotr | Kowalski | Piotr Kowalczyk
        Tomasz | Zieliński | Tomasz Zając
        Stoyan | Angelov | Stoyan Antonov
        Milan | Petrović | Milan Pavlović
        Thierry | Müller | Thierry Möller
        Yonas | Tesfay | Yonas Tesfamariam
        Nguyen Van | Thanh | Nguyen Van Thang
    """,
    "The same words, shared otherwise": """
        Mohamed Ali | Saïdi | Ali Haddad
        Omar | Hassan | Hassan Ibrahim
        Ali | Youssef | Youssef Karim
        Jean Luc | Klein | Luc Kleiner
        Maria Ana | Lopes | Ana Rocha
        Ibrahima | Sow | Ibrahima Diallo
        Georgi | Ivanov | Ivan Georgiev
        Stefan | Nikolov | Nikola Stefanov
        Petru | Ion | Ion Petrescu
        Abdul | Rahman | Abdul Rahim
    """,
}


@dataclass(frozen=True)
class Pair:
    """What a guest's file holds, and what somebody types later: about the same person, or about another."""

    kind: str
    name: str
    family_name: str
    typed: str


def _pairs(by_kind):
    lines = [(kind, line) for kind, text in by_kind.items() for line in text.strip().splitlines()]
    return tuple(Pair(kind, *(part.strip() for part in line.split("|"))) for kind, line in lines)


SAME, DIFFERENT = _pairs(_SAME), _pairs(_DIFFERENT)
