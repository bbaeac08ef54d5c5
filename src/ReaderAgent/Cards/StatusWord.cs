namespace EligibilityGateway.ReaderAgent.Cards;

/// <summary>The last two bytes of a card's response (ISO 7816-4, 5.6).</summary>
internal readonly record struct StatusWord(ushort Value)
{
    public static readonly StatusWord Success = new(0x9000);

    /// <summary>Fewer bytes than asked for: the file ends before.</summary>
    public static readonly StatusWord EndOfFile = new(0x6282);
    public static readonly StatusWord WrongLength = new(0x6700);

    /// <summary>The PIN was not verified.</summary>
    public static readonly StatusWord SecurityNotSatisfied = new(0x6982);
    public static readonly StatusWord PinBlocked = new(0x6983);

    /// <summary>Reference data not usable; some cards say so of a blocked PIN.</summary>
    public static readonly StatusWord PinUnusable = new(0x6984);
    public static readonly StatusWord ConditionsNotSatisfied = new(0x6985);
    public static readonly StatusWord NoFileSelected = new(0x6986);
    public static readonly StatusWord WrongData = new(0x6A80);
    public static readonly StatusWord FileNotFound = new(0x6A82);
    public static readonly StatusWord WrongParameters = new(0x6A86);
    public static readonly StatusWord WrongOffset = new(0x6B00);
    public static readonly StatusWord UnknownInstruction = new(0x6D00);
    public static readonly StatusWord UnknownClass = new(0x6E00);

    /// <summary>63 Cx: the PIN was wrong, or was only asked about, and x tries are left.</summary>
    public static StatusWord TriesLeft(int tries) => new((ushort)(0x63C0 | tries));

    /// <summary>The x of 63 Cx; null for any other status.</summary>
    public int? Tries => (Value & 0xFFF0) == 0x63C0 ? Value & 0xF : null;

    public bool IsPinBlocked => this == PinBlocked || this == PinUnusable || Tries == 0;

    public override string ToString() => $"{Value:X4}";
}
