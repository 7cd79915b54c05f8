"""Invented names of people, places and schools for the practice portal. Nobody is meant."""

from __future__ import annotations


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


FIRST_NAMES_FEMALE = _words(
    """
    Abigail Ada Adeola Agnes Aisha Alba Alina Alma Amara Amelia Amina Anika Anna Anwen Aoife April
    Asha Audrey Ava Beatrix Bethan Bryony Camila Carys Catrin Celia Chidinma Chloe Clara Constance
    Cora Daphne Delia Dorothy Edith Efua Eilidh Elena Eleri Elin Eliza Elodie Elsie Emmeline Erin Esme
    Esther Eva Faith Farah Fatima Felicity Fern Flora Frances Freya Gemma Georgia Grace Gwen Hana
    Hannah Harriet Hazel Helena Hetty Holly Hope Ida Imogen Ines Iona Irene Iris Isla Ivy Jasmine
    Jemima Joan Joanna Juliet June Kamila Keira Kezia Lara Laura Leila Leonie Lila Lois Lottie Lucia
    Lydia Mabel Maeve Maia Margot Marina Martha Matilda Maya Meera Megan Mina Miriam Molly Nadia Naomi
    Nell Niamh Nina Nora Olive Olwen Orla Pearl Penelope Petra Phoebe Polly Priya Rachel Rhian Rosa
    Rosalind Rowena Ruth Sadia Saffron Saoirse Sara Seren Shanice Sian Sofia Sophie Stella Sunita
    Sylvia Tabitha Talia Tamsin Tegan Thea Una Uma Vera Violet Willa Yasmin Zara Zofia
    """
)

FIRST_NAMES_MALE = _words(
    """
    Aaron Abdul Adam Adrian Ahmed Aidan Alasdair Albert Aled Alfie Angus Anton Archie Arthur Arun
    Barnaby Bartholomew Ben Bernard Bilal Blake Bruno Caleb Callum Cedric Chidi Conor Cormac Cyril
    Dafydd Daniel Darius David Declan Desmond Dilan Duncan Dylan Edmund Edward Edwin Elias Eliot Emeka
    Emrys Eoin Ernest Euan Evan Ezra Fabian Farhan Felix Fergus Finlay Francis Frank Gareth George
    Gethin Gilbert Giles Gregor Gwilym Hamish Harold Harun Harvey Hassan Hector Henry Hugh Huw Ibrahim
    Idris Isaac Ivan Jacob Jago James Jamil Jasper Jerome Joel Jonah Joseph Jude Kai Karim Keir Kenji
    Kieran Kit Kofi Kwame Lachlan Laurence Leo Leon Lewis Liam Llew Lorcan Luca Lucian Ludovic Magnus
    Malachi Marcus Mario Mateo Max Miles Milo Mohan Moses Nathan Neil Niall Nikhil Noah Oisin Omar
    Oscar Osian Otis Owen Patrick Piers Quentin Rafael Rahim Ravi Reuben Rhodri Rhys Robin Rohan Ronan
    Rory Rufus Rupert Samir Saul Sebastian Silas Simon Stanley Stefan Tariq Teddy Theo Tobias Tomas
    Tristan Victor Vikram Wilfred William Xavier Yusuf Zachary
    """
)

LAST_NAMES = _words(
    """
    Abbotsleigh Achebe Adair Adebayo Adlam Agarwal Ainscough Aldous Allardyce Ambrose Anand Anstey
    Appleyard Arkwright Ashcombe Ashdown Aspinall Atherley Attwater Ayling Babbage Bagshaw Bainbridge
    Balogun Bannerjee Barraclough Barrowby Bassett Beauchamp Beckwith Bellweather Bentham Bickerstaff
    Birtwistle Blackmore Blenkinsop Bloxham Boateng Bosworth Brackenbury Bradshaw Braithwaite Bramwell
    Brearley Bridgewater Brocklehurst Broomfield Buckthorn Burgoyne Burnaby Butterworth Byfield
    Calloway Cartmell Catterick Chadderton Chaudhary Chilvers Clapham Claverdon Clitheroe Cloutman
    Cockburn Colclough Collingwood Conisbrough Copplestone Corrigan Coverdale Cransley Crosthwaite
    Culpepper Dalrymple Danvers Darlaston Davenport Debenham Delacourt Denholm Desai Devereux Dhillon
    Digby Dolan Doyle Drayton Dubois Dunmore Duxbury Eardley Eastwood Eccleshall Edgeworth Egerton
    Elphinstone Emberton Enfield Erskine Evenden Eyre Fairclough Falconer Fanshawe Farooqi Farthing
    Featherstone Fenwick Ferriby Fitzwarren Flaxman Fordyce Foxley Frobisher Gainsford Galbraith
    Garforth Garside Gathercole Gaunt Gillingham Glendenning Goodricke Grantchester Greenhalgh Gresham
    Grimshaw Gupta Hadley Halliwell Hambleton Hardcastle Hargreave Harkness Hartley Haverstock
    Hawksmoor Hazelden Heathcote Henderwick Hepworth Hesketh Hibbert Higginbottom Hollingworth Holroyd
    Horsfall Huckaby Hussain Iqbal Ingleby Inskip Ironside Isherwood Jellicoe Jessop Jardine Joyner
    Kapoor Kearsley Kelsall Kendrew Kershaw Kettlewell Khan Kilbride Kingsnorth Kirkbride
    Knaresborough Kowalczyk Lacey Lambourne Langstaff Latchford Laverick Leadbetter Leighton Lindqvist
    Linklater Lockwood Longbottom Lonsdale Loxley Lyddon Macalister Mainwaring Malhotra Mallory
    Marchbanks Marlowe Massingham Maybury Melville Mensah Merriweather Midgley Millthorpe Moorcroft
    Mordaunt Mortlake Mottershead Mulgrave Murgatroyd Nakamura Nettleship Netherwood Newbould Norbury
    Northcote Nuttall Oakeshott Obi Okafor Okonkwo Oldroyd Ollerenshaw Ormerod Osei Otterburn Oughtred
    Oxendale Padgett Pakenham Palliser Pargeter Parminter Patel Peascod Pemberton Pendlebury
    Penhaligon Pettigrew Pickersgill Plumtree Pocklington Popplewell Postlethwaite Prendergast Purbeck
    Quarmby Quenby Quigley Radcliffe Rahman Rainford Ramsbottom Ravenscroft Redfern Renshaw Ridgewell
    Rigby Rishworth Rokeby Rosewarne Rothwell Rowbotham Ruddock Rushworth Saltmarsh Sandiford
    Satterthwaite Scarisbrick Scholefield Seagrave Selwyn Shackleton Shah Sharrow Shuttleworth Siddall
    Silverdale Skelhorn Slingsby Smallbone Snaith Southworth Spofforth Stainforth Standish Staveley
    Stonehouse Strickland Sugden Summerscale Sutcliffe Swithenbank Tankersley Tattersall Tempest
    Thackeray Thistlewood Thornycroft Threlkeld Tolland Towneley Trelawney Trevanion Tunnicliffe
    Twelvetrees Tyldesley Uddin Ullathorne Unsworth Urquhart Uttley Vane Varley Venables Verity
    Wadsworth Wainscott Walmsley Warburton Wetherby Wharton Whitcombe Widdrington Wigglesworth
    Winterbourne Wolstenholme Woodhead Wrigley Wyndham Yardley Yaxley Yelverton Zakaria
    """
)

PLACES = _words(
    """
    Northmoor Ashcombe Brackendale Calverstone Dunmarsh Eastling Fallowfield Greenholme Harrowdene
    Inglemere Jarrowby Kestrelmoor Larkhurst Millbeck Netherwick Oakrigg Pennyford Quarrington
    Ravenbeck Saltersgate Thornleigh Ulverby Vennacott Westering Yarnbrook
    """
)

SCHOOL_KINDS = ("Academy", "Primary School", "High School", "Community School", "College")
