using System.Security.Cryptography;
using EligibilityGateway.Gateway.Access;
using EligibilityGateway.Gateway.Tests.Access.Journal;

namespace EligibilityGateway.Gateway.Tests.Access;

/// <summary>Who does not have the key makes and changes no record that is told to be right.</summary>
public sealed class RecordMacsTests
{
    private readonly byte[] _salt = RandomNumberGenerator.GetBytes(16), _canonical = RandomNumberGenerator.GetBytes(200);

    [Fact]
    public void Each_bit_of_salt_record_and_mac_counts()
    {
        var mac = TestEntries.Macs.Of(_salt, _canonical);
        Assert.Equal(33, mac.Length);
        Assert.Equal(RecordMacState.Right, TestEntries.Macs.Check(_salt, _canonical, mac));
        foreach (var part in (byte[][])[_salt, _canonical, mac[1..]])
        {
            for (var bit = 0; bit < part.Length * 8; bit++)
            {
                var changed = (byte[])part.Clone();
                changed[bit / 8] ^= (byte)(1 << (bit % 8));
                Assert.Equal(
                    RecordMacState.Wrong,
                    TestEntries.Macs.Check(part == _salt ? changed : _salt, part == _canonical ? changed : _canonical, part == _salt || part == _canonical ? mac : [mac[0], .. changed]));
            }
        }
        Assert.Equal(RecordMacState.Wrong, TestEntries.Macs.Check(_salt, _canonical, mac[..32]));
        Assert.Equal(RecordMacState.Wrong, TestEntries.Macs.Check(_salt, _canonical, []));
        Assert.Equal(RecordMacState.Missing, TestEntries.Macs.Check(_salt, _canonical, null));
    }

    [Fact]
    public void A_key_that_is_active_no_more_still_checks_and_one_that_was_taken_out_is_told()
    {
        var mac = TestEntries.Macs.Of(_salt, _canonical);
        Assert.Equal(RecordMacState.Right, new RecordMacs(JournalFolderFixture.KeyRing(2, 1, 2)).Check(_salt, _canonical, mac));
        Assert.Equal(RecordMacState.KeyUnknown, new RecordMacs(JournalFolderFixture.KeyRing(2, 2)).Check(_salt, _canonical, mac));
        Assert.Equal(2, new RecordMacs(JournalFolderFixture.KeyRing(2, 1, 2)).Of(_salt, _canonical)[0]);
    }
}
